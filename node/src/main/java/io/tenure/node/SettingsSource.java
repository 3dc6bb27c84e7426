package io.tenure.node;

import java.util.Map;
import java.util.TreeMap;

/** Where settings come from: the file's name as the operator gave it, and the line of each key. */
final class SettingsSource {
    private final String fileName;
    private final Map<String, Integer> lines = new TreeMap<>();

    SettingsSource(String fileName) {
        this.fileName = fileName;
    }

    String fileName() {
        return fileName;
    }

    /** Notes that {@code key}, such as {@code members[1].peer}, stands on this line. */
    void note(String key, int line) {
        lines.put(key, line);
    }

    /** Complains of the value of a key; {@code why} may be null where it goes without saying. */
    SettingsException refuse(String key, String value, String why, String allowed) {
        String what = key + ": " + SettingsException.quote(value) + " is not allowed" + (why == null ? "" : ": " + why);
        return SettingsException.at(fileName, lines.getOrDefault(key, 1), what, allowed);
    }
}
