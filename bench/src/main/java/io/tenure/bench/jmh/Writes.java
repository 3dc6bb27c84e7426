package io.tenure.bench.jmh;

import io.tenure.entry.LineEncoder;
import io.tenure.raft.Entry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.agrona.concurrent.UnsafeBuffer;

/** Writes as clients ask for them: 11-byte keys, values of one size, nothing that needs an escape. */
final class Writes {
    /** Keys that there are. */
    static final int KEYS = 10_000;

    /** Term and session of all entries. */
    static final long TERM = 7;

    static final long SESSION = 1;

    private Writes() {}

    /** The key of this number; they go round. */
    static String key(int number) {
        return key(number, KEYS);
    }

    private static String key(long number, int keys) {
        return String.format(Locale.ROOT, "user:%06d", number % keys);
    }

    /** A value of so many bytes. */
    static String value(int bytes) {
        return "x".repeat(bytes);
    }

    /** All keys in order. */
    static List<String> keys() {
        List<String> keys = new ArrayList<>(KEYS);
        for (int i = 0; i < KEYS; i++) {
            keys.add(key(i));
        }
        return keys;
    }

    /**
     * A batch of entries over one array, as the leader's encoder makes it.
     *
     * @param first number of the first request, which says its key as well
     */
    static List<Entry> batch(int count, int valueBytes, int first) {
        return batch(count, valueBytes, first, KEYS, 1);
    }

    /** The same with another number of keys, of which each has a number so much larger than the one before. */
    static List<Entry> batch(int count, int valueBytes, int first, int keys, long stride) {
        LineEncoder encoder = new LineEncoder();
        encoder.begin();
        for (int number = first; number < first + count; number++) {
            String key = key(number * stride, keys);
            UnsafeBuffer request = new UnsafeBuffer((key + value(valueBytes)).getBytes(StandardCharsets.US_ASCII));
            encoder.appendSet(request, 0, key.length(), key.length(), valueBytes, SESSION, number, TERM);
        }
        return encoder.finish();
    }
}
