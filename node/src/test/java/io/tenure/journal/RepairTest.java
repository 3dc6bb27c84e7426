package io.tenure.journal;

import static io.tenure.journal.JournalFixture.FOLDER;
import static io.tenure.journal.JournalFixture.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.entry.LineEncoder;
import io.tenure.handoff.SnapshotHeader;
import io.tenure.journal.CrashDisk.Unforced;
import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import io.tenure.raft.HardState;
import io.tenure.raft.Persist;
import io.tenure.raft.SnapshotChunk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rot in every file of a folder with fifty entries, several pairs and a snapshot: found, and repaired from a peer. */
final class RepairTest {
    private static final JournalLimits LIMITS = new JournalLimits(180, 1 << 20);
    private static final int LAST = 50;
    private static final int COMMITTED = 44;
    private static final EntryId SNAPSHOT = new EntryId(25, 1);
    private static final EntryId PEER_SNAPSHOT = new EntryId(40, 2);

    private final CrashDisk disk = new CrashDisk();
    private final List<Entry> entries = new ArrayList<>();
    private byte[] peerSnapshot;

    @BeforeEach
    void fill() throws IOException {
        Random random = new Random(1);
        for (int i = 1; i <= LAST; i++) {
            entries.add(i % 10 == 1 ? LineEncoder.noOp(i / 17) : set(i, i / 17));
        }
        CrashDisk peer = new CrashDisk();
        JournalFixture.open(peer).close();
        takeSnapshot(peer, PEER_SNAPSHOT);
        peerSnapshot = peer.content(FOLDER + "/snapshot.tmp");

        Journal journal = JournalFixture.open(disk, LIMITS);
        JournalFixture.write(journal, JournalFixture.state(1, 2, 1));
        for (int at = 0; at < LAST; ) {
            int count = Math.min(LAST - at, 1 + random.nextInt(4));
            journal.write(List.of(new Persist(2, null, 0, at + 1, entries.subList(at, at + count), null)));
            at += count;
            if (at >= 30 && journal.snapshot().equals(EntryId.NONE)) {
                takeSnapshot(disk, SNAPSHOT);
                journal.adoptSnapshot();
                assertThat(journal.compact(20).index()).isBetween(8L, 19L);
            }
        }
        journal.noteCommit(COMMITTED);
        journal.close();
        assertThat(files(disk)).hasSizeGreaterThanOrEqualTo(9);
    }

    private static void takeSnapshot(Disk disk, EntryId last) throws IOException {
        Map<String, String> values = new TreeMap<>(Map.of("a", "of " + last.index(), "b", "é", "c", "3"));
        SnapshotFileTest.write(disk, new SnapshotHeader(last, 2500, 0, 0), List.of(), values);
    }

    private static List<String> files(CrashDisk disk) {
        return disk.contents().keySet().stream()
                .filter(name -> name.matches(".*(txt|idx)"))
                .toList();
    }

    private CrashDisk copy() {
        return disk.afterCrash(Unforced.SURVIVES, new Random(1));
    }

    /** Offers what is needed until nothing is; returns how often it had to. */
    private int repair(CrashDisk left, long peerCommit) {
        int rounds = 0;
        try (Repair repair = Repair.open(left, FOLDER, JournalFixture.IDENTITY, JournalFixture.FORGOTTEN)) {
            while (!repair.isDone()) {
                assertThat(++rounds)
                        .as("%s %s", repair.needs(), repair.problems())
                        .isLessThan(10);
                for (Need need : repair.needs()) {
                    if (need instanceof Need.Entries range) {
                        int end = (int) Math.min(LAST, range.lastIndex() + 1);
                        repair.offer(JournalFixture.ofPeer(entries, range.firstIndex(), end), peerCommit);
                    } else if (need instanceof Need.Snapshot snapshot) {
                        assertThat(snapshot.lowestIndex()).isLessThanOrEqualTo(PEER_SNAPSHOT.index());
                        offerSnapshot(repair);
                    }
                }
            }
        }
        return rounds;
    }

    private void offerSnapshot(Repair repair) {
        for (int at = 0; at < peerSnapshot.length; at += 50) {
            byte[] bytes = Arrays.copyOfRange(peerSnapshot, at, Math.min(at + 50, peerSnapshot.length));
            repair.offerSnapshot(new SnapshotChunk(PEER_SNAPSHOT, peerSnapshot.length, at, bytes));
        }
    }

    /** Opens the journal and compares all it holds; returns the last index. */
    private long check(CrashDisk left, String where) {
        SnapshotFileTest.Seen seen = new SnapshotFileTest.Seen();
        try (Journal journal =
                Journal.open(left, FOLDER, JournalFixture.IDENTITY, LIMITS, JournalFixture.random(), seen)) {
            long first = journal.base().index() + 1;
            List<Entry> found = new ArrayList<>();
            while (first + found.size() <= journal.lastIndex()) {
                found.addAll(journal.read(first + found.size(), 1000));
            }
            assertThat(JournalFixture.describe(found))
                    .as(where)
                    .isEqualTo(JournalFixture.describe(entries.subList((int) first - 1, (int) journal.lastIndex())));
            assertThat(seen.all).as(where).contains("a=of " + journal.snapshot().index(), "b=é", "c=3");
            assertThat(journal.recovery().tagsLostUpTo()).as(where).isZero();
            assertThat(journal.recovery().commitIndex()).as(where).isBetween(SNAPSHOT.index(), (long) COMMITTED);
            assertThat(journal.recovery().hardState()).as(where).isEqualTo(new HardState(2, 1, 2500));
            return journal.lastIndex();
        } finally {
            assertThat(JournalCheck.check(left, FOLDER).problems()).as(where).isEmpty();
        }
    }

    private static void flip(CrashDisk left, String file, int bit) {
        byte[] bytes = left.content(file);
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        left.setContent(file, bytes);
    }

    /** The log is kept; its votes and promises the node knows to be forgotten, and of tags that any may be. */
    @Test
    void withoutMetadataANodeWithItsWholeLogKeepsItAndRejoins() {
        CrashDisk left = new CrashDisk();
        Journal whole = JournalFixture.open(left, LIMITS);
        JournalFixture.write(whole, JournalFixture.state(1, 2, 1));
        JournalFixture.write(whole, JournalFixture.append(2, 1, entries.toArray(Entry[]::new)));
        whole.close();
        loseMetadata(left);
        try (Journal journal = JournalFixture.open(left, LIMITS)) {
            assertThat(journal.lastIndex()).isEqualTo(LAST);
            assertThat(journal.recovery().hardState())
                    .isEqualTo(new HardState(entries.get(LAST - 1).term(), HardState.NO_VOTE, 3000, true));
            assertThat(journal.recovery().tagsLostUpTo()).isGreaterThanOrEqualTo(LAST);
        }
        assertThat(JournalCheck.check(left, FOLDER).problems()).isEmpty();
    }

    /** Nothing but the metadata told the term before a log's first entry: what is left of the log would lie about it. */
    @Test
    void withoutMetadataANodeWithACompactedLogKeepsItsSnapshotAndRejoins() {
        CrashDisk left = copy();
        loseMetadata(left);
        try (Journal journal = JournalFixture.open(left, LIMITS)) {
            assertThat(journal.base()).isEqualTo(SNAPSHOT);
            assertThat(journal.lastIndex()).isEqualTo(SNAPSHOT.index());
            assertThat(journal.recovery().hardState().rejoining()).isTrue();
            assertThat(journal.recovery().incarnation()).isEqualTo(77);
            assertThat(journal.recovery().commitIndex()).isEqualTo(SNAPSHOT.index());
        }
        assertThat(JournalCheck.check(left, FOLDER).problems()).isEmpty();
    }

    private void loseMetadata(CrashDisk left) {
        for (String name : List.of("metadata.txt", "metadata.copy.txt")) {
            flip(left, FOLDER + '/' + name, 77);
        }
        repair(left, 0);
    }

    /** Of each bit: the node starts as if nothing was, or stops and is repaired. No other end. */
    @Test
    void everyFlippedBitIsHarmlessOrRepaired() {
        int stride = Integer.getInteger("journal.flip.stride", 13);
        int flips = 0;
        int repaired = 0;
        int cut = 0;
        for (String file : files(disk)) {
            int bits = disk.content(file).length * 8;
            for (int bit = 0; bit < bits; bit += stride) {
                String where = file + " bit " + bit;
                CrashDisk left = copy();
                flip(left, file, bit);
                flips++;
                boolean opens = true;
                try {
                    JournalFixture.open(left.afterCrash(Unforced.SURVIVES, new Random(1)), LIMITS);
                } catch (JournalException e) {
                    opens = false;
                }
                if (!opens) {
                    assertThat(repair(left, flips % 2 == 0 ? 0 : LAST))
                            .as(where)
                            .isPositive();
                    repaired++;
                    assertThat(check(left, where)).as(where).isEqualTo(LAST);
                } else {
                    long last = check(left, where);
                    cut += last < LAST ? 1 : 0;
                    assertThat(last)
                            .as(where)
                            .isGreaterThanOrEqualTo(
                                    JournalCheck.check(disk, FOLDER).mark());
                }
            }
        }
        System.out.println(flips + " flips, " + repaired + " repaired, " + cut + " cut above the mark");
        assertThat(flips).isGreaterThan(1_000);
        assertThat(repaired).isGreaterThan(flips / 2);
    }
}
