package io.tenure.explore;

import io.tenure.raft.Entry;
import io.tenure.raft.RaftLog;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Entries of an exploration, and whole logs as one number: a byte an entry, the first one lowest. */
final class Entries {
    static final int LOG_MAX = 8;
    private static final long SESSION = 1;

    private Entries() {}

    static Entry noOp(long term) {
        byte[] line = ("NO-OP " + term + "\n").getBytes(StandardCharsets.UTF_8);
        return new Entry(Entry.Kind.NO_OP, term, 0, Entry.NO_SESSION, 0, line, 0, line.length);
    }

    static Entry write(int number, long term) {
        byte[] line =
                ("SET " + NodeRun.KEY + " " + valueOf(number) + " " + term + "\n").getBytes(StandardCharsets.UTF_8);
        return new Entry(Entry.Kind.WRITE, term, NodeRun.KEY_HASH, SESSION, number, line, 0, line.length);
    }

    static String valueOf(int number) {
        return "v" + number;
    }

    /** The number of a value; 0 if the key is absent. */
    static int numberOf(String value) {
        return value == null ? 0 : Integer.parseInt(value.substring(1));
    }

    /** Term and number of an entry, never 0. */
    static int code(Entry entry) {
        int number = entry.kind() == Entry.Kind.WRITE ? (int) entry.number() : 0;
        return 1 + (int) entry.term() * 16 + number;
    }

    static long pack(List<Entry> entries) {
        long packed = 0;
        for (int i = 0; i < entries.size(); i++) {
            packed = with(packed, i, code(entries.get(i)));
        }
        return packed;
    }

    static long pack(RaftLog log) {
        long packed = 0;
        for (int i = 0; i < log.lastIndex(); i++) {
            packed = with(packed, i, code(log.entry(i + 1)));
        }
        return packed;
    }

    /** {@code log} with {@code code} behind {@code length} entries. */
    static long with(long log, int length, int code) {
        if (length >= LOG_MAX || code > 255) {
            throw new IllegalArgumentException("the scope makes logs longer than " + LOG_MAX + ", or too many terms");
        }
        return log | (long) code << (8 * length);
    }

    static int length(long log) {
        return (64 - Long.numberOfLeadingZeros(log) + 7) / 8;
    }

    /** Code of the entry at an index, 0 if there is none. */
    static int at(long log, int index) {
        return (int) (log >>> (8 * (index - 1))) & 255;
    }

    static int termAt(long log, int index) {
        int code = at(log, index);
        return code == 0 ? -1 : (code - 1) / 16;
    }

    static int numberAt(long log, int index) {
        int code = at(log, index);
        return code == 0 ? 0 : (code - 1) % 16;
    }

    /** The first {@code count} entries. */
    static long prefix(long log, int count) {
        return count >= LOG_MAX ? log : log & ((1L << (8 * count)) - 1);
    }

    static String toText(long log) {
        StringBuilder text = new StringBuilder("[");
        for (int index = 1; index <= length(log); index++) {
            int number = numberAt(log, index);
            text.append(index > 1 ? " " : "")
                    .append(number == 0 ? "no-op" : valueOf(number))
                    .append('/')
                    .append(termAt(log, index));
        }
        return text.append(']').toString();
    }
}
