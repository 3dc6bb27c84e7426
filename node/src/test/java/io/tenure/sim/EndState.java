package io.tenure.sim;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/** Once writes have stopped and nothing is broken, all logs are equal, on the platters, byte for byte. */
final class EndState {
    private final List<SimNode> nodes;

    EndState(List<SimNode> nodes) {
        this.nodes = nodes;
    }

    void check() {
        byte[] first = null;
        for (SimNode node : nodes) {
            byte[] text = text(node);
            if (first == null) {
                first = text;
            } else if (!Arrays.equals(first, text)) {
                throw new Violation(
                        "LogsConverge",
                        "the logs of " + nodes.get(0) + " and " + node + " differ, at byte "
                                + Arrays.mismatch(first, text) + " of " + first.length + " and " + text.length);
            }
        }
    }

    private static byte[] text(SimNode node) {
        TreeMap<Long, String> segments = new TreeMap<>();
        for (String name : node.disk.durableNames(node.folder)) {
            if (name.equals("logs.txt")) {
                segments.put(Long.MAX_VALUE, name);
            } else if (name.startsWith("logs-") && name.endsWith(".txt")) {
                segments.put(Long.parseLong(name.substring("logs-".length(), name.length() - ".txt".length())), name);
            }
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (String name : segments.values()) {
            text.writeBytes(node.disk.durableContent(node.folder + '/' + name));
        }
        return text.toByteArray();
    }
}
