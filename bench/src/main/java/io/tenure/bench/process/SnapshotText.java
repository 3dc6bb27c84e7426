package io.tenure.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A node's {@code snapshot.txt} as people read it; of plain words.
 *
 * @param lastIndex of the last entry whose effect it holds
 * @param values by key
 */
public record SnapshotText(long lastIndex, Map<String, String> values) {
    /** Reads one; null if the node has none. */
    static SnapshotText read(Path folder) throws IOException {
        Path file = folder.resolve("snapshot.txt");
        if (!Files.exists(file)) {
            return null;
        }
        long last = 0;
        Map<String, String> values = new TreeMap<>();
        for (String line : Files.readAllLines(file)) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("last")) {
                last = Long.parseLong(words[1]);
            } else if (words[0].equals("SET")) {
                values.put(words[1], words[2]);
            }
        }
        return new SnapshotText(last, values);
    }

    /**
     * Holds it against a whole log.
     *
     * @return what is wrong, or null
     */
    public String difference(List<String> log) {
        if (lastIndex > log.size()) {
            return "it is of entry " + lastIndex + ", and the log has " + log.size();
        }
        Map<String, String> expected = new TreeMap<>();
        for (String line : log.subList(0, (int) lastIndex)) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("SET")) {
                expected.put(words[1], words[2]);
            }
        }
        if (expected.equals(values)) {
            return null;
        }
        for (Map.Entry<String, String> entry : expected.entrySet()) {
            String value = values.get(entry.getKey());
            if (!entry.getValue().equals(value)) {
                return entry.getKey() + " is " + value + " instead of " + entry.getValue() + " at entry " + lastIndex;
            }
        }
        values.keySet().removeAll(expected.keySet());
        return "it holds " + values.keySet() + ", which nobody had written by entry " + lastIndex;
    }
}
