package io.tenure.sim;

import io.tenure.raft.Message;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * What happened, for people: the last lines of it, and all of it as one number, by which two runs can be compared. Nothing
 * is put into words unless somebody will read them.
 */
final class Story {
    private static final int LINE_CHARS_MAX = 300;

    private final int linesMax;
    private final boolean messagesToo;
    private final Deque<String> lines = new ArrayDeque<>();
    private long digest = 17;

    /**
     * Begins a story.
     *
     * @param linesMax how many lines to keep; 0 to keep none and be quick
     * @param messagesToo whether messages between nodes belong to it
     */
    Story(int linesMax, boolean messagesToo) {
        this.linesMax = linesMax;
        this.messagesToo = messagesToo;
    }

    /** Adds a line. */
    void tell(long now, String line) {
        mix(now, line.hashCode(), 0);
        keep(now, line);
    }

    /** Adds a line that is made only if it will be kept. */
    void tellIfKept(long now, Supplier<String> line) {
        if (linesMax > 0) {
            keep(now, line.get());
        }
    }

    /** Adds a message between nodes. */
    void tellMessage(long now, int from, int to, Message message) {
        if (messagesToo && linesMax > 0) {
            String text = message.toString();
            if (message instanceof Message.AppendEntry append) {
                text = "AppendEntry[term=" + append.term() + ", prev=" + append.prev() + ", "
                        + append.entries().size() + " entries, leaderCommit=" + append.leaderCommit()
                        + ", leaseMillis=" + append.leaseMillis() + ", seq=" + append.seq() + "]";
            }
            keep(now, from + " -> " + to + " " + text);
        }
    }

    /** Takes in something that is not worth a line. */
    void mix(long a, long b, long c) {
        digest = (digest * 31 + a) * 31 + b;
        digest = Long.rotateLeft(digest * 0x9E3779B97F4A7C15L, 29) + c;
    }

    /** The whole story in a number. */
    long digest() {
        return digest;
    }

    /** The last lines. */
    String text() {
        return String.join("\n", lines);
    }

    private void keep(long now, String line) {
        if (linesMax > 0) {
            if (lines.size() == linesMax) {
                lines.poll();
            }
            lines.add(String.format(Locale.ROOT, "%12.3f ms  %s", now / 1e6, shortened(line)));
        }
    }

    private static String shortened(String line) {
        return line.length() <= LINE_CHARS_MAX ? line : line.substring(0, LINE_CHARS_MAX) + "...";
    }
}
