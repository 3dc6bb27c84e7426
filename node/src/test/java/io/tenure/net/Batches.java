package io.tenure.net;

import io.tenure.raft.Entry;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;

/** Entries for tests. */
final class Batches {
    /** Entries are equal if their lines and tags are, wherever the bytes lie. */
    static final RecursiveComparisonConfiguration CONTENT = RecursiveComparisonConfiguration.builder()
            .withEqualsForType(Batches::sameContent, Entry.class)
            .build();

    private Batches() {}

    static Entry write(long term, String key, String value, long session, long number) {
        byte[] line = ("SET " + key + " " + value + " " + term + "\n").getBytes(StandardCharsets.UTF_8);
        return new Entry(Entry.Kind.WRITE, term, key.hashCode() | 1L << 40, session, number, line, 0, line.length);
    }

    static Entry noOp(long term) {
        byte[] line = ("NO-OP " + term + "\n").getBytes(StandardCharsets.UTF_8);
        return new Entry(Entry.Kind.NO_OP, term, 0, 0, 0, line, 0, line.length);
    }

    /** Entries of non-decreasing terms, some next to each other in one array, some not. */
    static List<Entry> random(Random random, int count) {
        List<Entry> entries = new ArrayList<>();
        long term = random.nextInt(3);
        while (entries.size() < count) {
            List<Entry> group = new ArrayList<>();
            for (int i = random.nextInt(5); i >= 0 && entries.size() + group.size() < count; i--) {
                term += random.nextInt(5) == 0 ? random.nextInt(200) : 0;
                group.add(
                        random.nextInt(4) == 0
                                ? noOp(term)
                                : write(term, "key" + random.nextInt(), "v".repeat(random.nextInt(300)), 9, i + 1));
            }
            entries.addAll(inOneArray(group));
        }
        return entries;
    }

    private static List<Entry> inOneArray(List<Entry> entries) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        entries.forEach(entry -> text.write(entry.bytes(), entry.offset(), entry.length()));
        byte[] shared = text.toByteArray();
        List<Entry> moved = new ArrayList<>();
        int at = 0;
        for (Entry entry : entries) {
            moved.add(new Entry(
                    entry.kind(),
                    entry.term(),
                    entry.keyHash(),
                    entry.session(),
                    entry.number(),
                    shared,
                    at,
                    entry.length()));
            at += entry.length();
        }
        return moved;
    }

    private static boolean sameContent(Entry one, Entry other) {
        return one.kind() == other.kind()
                && one.term() == other.term()
                && one.keyHash() == other.keyHash()
                && one.session() == other.session()
                && one.number() == other.number()
                && Arrays.equals(
                        one.bytes(),
                        one.offset(),
                        one.offset() + one.length(),
                        other.bytes(),
                        other.offset(),
                        other.offset() + other.length());
    }
}
