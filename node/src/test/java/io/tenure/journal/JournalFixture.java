package io.tenure.journal;

import io.tenure.entry.LineEncoder;
import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import io.tenure.raft.HardState;
import io.tenure.raft.Message;
import io.tenure.raft.Persist;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** What the tests of the journal share. */
final class JournalFixture {
    static final String FOLDER = "data/logs_node_0";
    static final String TEXT = FOLDER + "/logs.txt";
    static final String INDEX = FOLDER + "/logs.idx";
    static final Identity IDENTITY = new Identity("tenure", 0);
    static final Repair.Forgotten FORGOTTEN = new Repair.Forgotten(77, HardState.forgotten(3000));

    private JournalFixture() {}

    static Journal open(Disk disk) {
        return open(disk, JournalLimits.DEFAULT);
    }

    static Journal open(Disk disk, JournalLimits limits) {
        return Journal.open(disk, FOLDER, IDENTITY, limits, random(), (index, entry, committed, tagLost) -> {});
    }

    static RandomGenerator random() {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    }

    /** A write with key and number {@code i}. */
    static Entry set(int i, long term) {
        return LineEncoder.set("key " + i, "value" + i, 1000 + i, i, term);
    }

    static Persist append(long seq, long firstIndex, Entry... entries) {
        return new Persist(seq, null, 0, firstIndex, List.of(entries), null);
    }

    static Persist replace(long seq, long from, Entry... entries) {
        return new Persist(seq, null, from, from, List.of(entries), null);
    }

    static Persist state(long seq, long term, int votedFor) {
        return new Persist(seq, new HardState(term, votedFor, 2500), 0, 0, List.of(), null);
    }

    static void write(Journal journal, Persist... persists) {
        journal.write(List.of(persists));
    }

    static String line(Entry entry) {
        return new String(entry.bytes(), entry.offset(), entry.length(), StandardCharsets.UTF_8);
    }

    /** Text, kind, term, tags and hash, to be compared. */
    static String describe(Entry entry) {
        return entry + " " + entry.keyHash() + " " + line(entry);
    }

    static List<String> describe(List<Entry> entries) {
        List<String> described = new ArrayList<>();
        entries.forEach(entry -> described.add(describe(entry)));
        return described;
    }

    /** Entries {@code first} to {@code last} as a peer sends them whose log these are. */
    static Message.RepairEntries ofPeer(List<Entry> log, long first, long last) {
        long previousTerm =
                first == 1 ? EntryId.NONE.term() : log.get((int) first - 2).term();
        return new Message.RepairEntries(first, previousTerm, log.subList((int) first - 1, (int) last));
    }

    /** All entries of an open journal, from disk. */
    static List<Entry> readAll(Journal journal) {
        List<Entry> entries = new ArrayList<>();
        while (entries.size() < journal.lastIndex()) {
            entries.addAll(journal.read(entries.size() + 1L, 100));
        }
        return entries;
    }

    static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
