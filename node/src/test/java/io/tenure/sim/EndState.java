package io.tenure.sim;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Once writes have stopped and nothing is broken, all logs are equal, on the platters, byte for byte; as far back as each of
 * them still reaches.
 */
final class EndState {
    private final List<SimNode> nodes;

    EndState(List<SimNode> nodes) {
        this.nodes = nodes;
    }

    /** Whether it could hold by now, at a glance. */
    boolean isReached() {
        for (SimNode node : nodes) {
            boolean same = node.isAlive()
                    && node.raft.log().lastIndex() == nodes.get(0).log.lastIndex()
                    && node.raft.durableIndex() == node.raft.log().lastIndex();
            if (!same) {
                return false;
            }
        }
        return true;
    }

    void check() {
        byte[] first = null;
        for (SimNode node : nodes) {
            byte[] text = text(node);
            if (first == null) {
                first = text;
            } else if (!isEnd(first, text) && !isEnd(text, first)) {
                throw new Violation(
                        "LogsConverge",
                        "the logs of " + nodes.get(0) + " and " + node + " differ, at byte "
                                + Arrays.mismatch(first, text) + " of " + first.length + " and " + text.length);
            }
        }
    }

    private static boolean isEnd(byte[] end, byte[] whole) {
        return end.length <= whole.length
                && Arrays.equals(end, 0, end.length, whole, whole.length - end.length, whole.length);
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
