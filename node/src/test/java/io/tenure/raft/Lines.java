package io.tenure.raft;

import java.nio.charset.StandardCharsets;

/** Makes log entries as their lines, and reads them back, for tests that tell a log by what it says. */
final class Lines {
    private Lines() {}

    static Entry noOp(long term) {
        byte[] line = ("NO-OP " + term + "\n").getBytes(StandardCharsets.UTF_8);
        return new Entry(Entry.Kind.NO_OP, term, 0, Entry.NO_SESSION, 0, line, 0, line.length);
    }

    /** {@code SET key value term}; the number of the request is of no interest here. */
    static Entry set(String key, String value, long term) {
        byte[] line = ("SET " + key + " " + value + " " + term + "\n").getBytes(StandardCharsets.UTF_8);
        return new Entry(Entry.Kind.WRITE, term, hash(key), Entry.NO_SESSION, 0, line, 0, line.length);
    }

    static long hash(String key) {
        return (key.hashCode() * 0x9E3779B97F4A7C15L) | 1;
    }

    /** The line without its line feed. */
    static String text(Entry entry) {
        return new String(entry.bytes(), entry.offset(), entry.length() - 1, StandardCharsets.UTF_8);
    }
}
