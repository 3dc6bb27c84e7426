package io.tenure.journal;

import static io.tenure.journal.JournalFixture.FOLDER;
import static io.tenure.journal.JournalFixture.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.entry.LineEncoder;
import io.tenure.handoff.SnapshotHeader;
import io.tenure.journal.CrashDisk.Unforced;
import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import io.tenure.raft.SnapshotChunk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rot just before the end of a log, whose last lines were acknowledged and have no records: a repair keeps them. */
final class RepairTailTest {
    private static final int COMMITTED = 6;
    private static final int LAST = 12;

    private final List<Entry> entries = new ArrayList<>();
    private CrashDisk crashed;

    @BeforeEach
    void crashBeforeTheIndexIsForced() {
        CrashDisk disk = new CrashDisk();
        for (int i = 1; i <= LAST; i++) {
            entries.add(i == 1 ? LineEncoder.noOp(1) : set(i, 1));
        }
        Journal journal = JournalFixture.open(disk);
        JournalFixture.write(journal, JournalFixture.state(1, 1, 1));
        JournalFixture.write(
                journal,
                JournalFixture.append(2, 1, entries.subList(0, COMMITTED).toArray(Entry[]::new)));
        journal.noteCommit(COMMITTED);
        JournalFixture.write(
                journal,
                JournalFixture.append(
                        3, COMMITTED + 1, entries.subList(COMMITTED, LAST).toArray(Entry[]::new)));
        crashed = disk.afterCrash(Unforced.VANISHES, new Random(1));
        assertThat(crashed.content(FOLDER + "/logs.idx")).hasSize(COMMITTED * 48);
    }

    @Test
    void linesWithoutRecordsAfterADamagedEntryAreKept() {
        int flips = 0;
        for (String file : List.of("logs.txt", "logs.idx")) {
            int bits = entries.stream()
                            .limit(COMMITTED)
                            .mapToInt(entry -> bytesIn(file, entry))
                            .sum()
                    * 8;
            for (int bit = 0; bit < bits; bit++) {
                CrashDisk left = crashed.afterCrash(Unforced.SURVIVES, new Random(1));
                byte[] bytes = left.content(FOLDER + '/' + file);
                bytes[bit / 8] ^= (byte) (1 << bit % 8);
                left.setContent(FOLDER + '/' + file, bytes);
                repairFromEntries(left);
                try (Journal journal = JournalFixture.open(left)) {
                    List<String> lines = JournalFixture.readAll(journal).stream()
                            .map(JournalFixture::line)
                            .toList();
                    assertThat(lines)
                            .as("%s bit %d", file, bit)
                            .isEqualTo(
                                    entries.stream().map(JournalFixture::line).toList());
                }
                flips++;
            }
        }
        assertThat(flips).isGreaterThan(3_000);
    }

    /** The text ends early, far below what was acknowledged and before anything was noted: what its records prove comes back. */
    @Test
    void aTextThatWasCutIsRepairedFromWhatItsRecordsProve() {
        CrashDisk disk = new CrashDisk();
        Journal journal = JournalFixture.open(disk);
        JournalFixture.write(journal, JournalFixture.state(1, 1, 1));
        for (int first = 1; first <= LAST; first += 2) {
            Entry[] pair = entries.subList(first - 1, first + 1).toArray(Entry[]::new);
            JournalFixture.write(journal, JournalFixture.append(first + 1, first, pair));
        }
        CrashDisk left = disk.afterCrash(Unforced.SURVIVES, new Random(1));
        left.setContent(JournalFixture.TEXT, Arrays.copyOf(left.content(JournalFixture.TEXT), 20));
        try (Repair repair = Repair.open(left, FOLDER, JournalFixture.IDENTITY, JournalFixture.FORGOTTEN)) {
            assertThat(repair.needs()).containsExactly(new Need.Entries(2, LAST - 2));
        }
        repairFromEntries(left);
        try (Journal again = JournalFixture.open(left)) {
            assertThat(JournalFixture.describe(JournalFixture.readAll(again)))
                    .isEqualTo(JournalFixture.describe(entries.subList(0, LAST - 2)));
        }
    }

    /** Where a damaged record said that its line ended counts for nothing once it is replaced. */
    @Test
    void whatFollowsADamagedRecordIsKept() {
        byte[] records = crashed.content(FOLDER + "/logs.idx");
        for (int at = 2 * 48; at < 2 * 48 + 16; at++) {
            records[at] ^= 0x55;
        }
        crashed.setContent(FOLDER + "/logs.idx", records);
        try (Repair repair = Repair.open(crashed, FOLDER, JournalFixture.IDENTITY, JournalFixture.FORGOTTEN)) {
            assertThat(repair.needs()).containsExactly(new Need.Entries(3, 4));
            assertThat(repair.offer(JournalFixture.ofPeer(entries, 3, 3), COMMITTED))
                    .isTrue();
            assertThat(repair.isDone()).as("%s", repair.problems()).isTrue();
        }
        keepsAll(crashed, "record 3");
    }

    /** No peer's log holds the damaged entry any more: a snapshot helps if it reaches the end of this log, and only then. */
    @Test
    void aSnapshotTakesThePlaceOfTheWholeLogOnlyIfItReachesItsEnd() throws IOException {
        byte[] records = crashed.content(FOLDER + "/logs.idx");
        records[2 * 48 + 20] ^= 1;
        crashed.setContent(FOLDER + "/logs.idx", records);
        EntryId tooEarly = new EntryId(LAST - 1, 1);
        EntryId last = new EntryId(LAST, 1);
        try (Repair repair = Repair.open(crashed, FOLDER, JournalFixture.IDENTITY, JournalFixture.FORGOTTEN)) {
            assertThat(repair.needs()).containsExactly(new Need.Entries(3, 3));
            assertThat(repair.lowestSnapshotIndex()).isEqualTo(LAST);
            offer(repair, tooEarly);
            assertThat(repair.isDone()).isFalse();
            offer(repair, last);
            assertThat(repair.isDone()).as("%s", repair.problems()).isTrue();
        }
        try (Journal journal = JournalFixture.open(crashed)) {
            assertThat(journal.base()).isEqualTo(last);
            assertThat(journal.snapshot()).isEqualTo(last);
            assertThat(journal.lastIndex()).isEqualTo(LAST);
        }
    }

    /** A whole file is gone: as many entries are lacking as it had lines, and what is done for each must not depend on that. */
    @Test
    void aLostFileOfManyLinesIsRepairedInTime() {
        int count = 40_000;
        List<Entry> many = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            many.add(set(i, 1));
        }
        for (String lost : List.of("logs-1.txt", "logs-1.idx")) {
            CrashDisk disk = new CrashDisk();
            Journal journal = JournalFixture.open(disk, new JournalLimits(1 << 10, 1 << 20));
            JournalFixture.write(journal, JournalFixture.append(1, 1, many.toArray(Entry[]::new)));
            JournalFixture.write(journal, JournalFixture.append(2, count + 1L, set(count + 1, 1)));
            journal.noteCommit(count);
            journal.close();
            disk.remove(FOLDER + '/' + lost);
            long begin = System.nanoTime();
            try (Repair repair = Repair.open(disk, FOLDER, JournalFixture.IDENTITY, JournalFixture.FORGOTTEN)) {
                assertThat(repair.problemCount()).as(lost).isEqualTo(count);
                assertThat(repair.problems()).as("as many as one may read").hasSizeLessThan(20);
                for (int offers = 0; !repair.isDone(); offers++) {
                    assertThat(offers).isLessThan(50);
                    int first = (int) ((Need.Entries) repair.needs().get(0)).firstIndex();
                    repair.offer(JournalFixture.ofPeer(many, first, Math.min(count, first + 2_500)), count);
                }
            }
            assertThat(System.nanoTime() - begin).as(lost).isLessThan(TimeUnit.SECONDS.toNanos(20));
            assertThat(JournalCheck.check(disk, FOLDER).problems()).isEmpty();
            assertThat(JournalCheck.check(disk, FOLDER).entries()).isEqualTo(count + 1L);
        }
    }

    /** What follows a damaged pair is no torn end, though nothing proves it before the damage is repaired. */
    @Test
    void aPairThatFollowsADamagedOneIsKept() {
        CrashDisk disk = new CrashDisk();
        Journal journal = JournalFixture.open(disk, new JournalLimits(100, 1 << 20));
        for (int last : new int[] {COMMITTED, LAST}) {
            int first = last == LAST ? COMMITTED : 0;
            JournalFixture.write(
                    journal,
                    JournalFixture.append(
                            last, first + 1L, entries.subList(first, last).toArray(Entry[]::new)));
        }
        int line = entries.get(COMMITTED - 1).length();
        CrashDisk whole = disk.afterCrash(Unforced.SURVIVES, new Random(1));
        for (String file : List.of("logs-1.txt", "logs-1.idx")) {
            String path = FOLDER + '/' + file;
            int size = whole.content(path).length;
            for (int bit = (size - (file.endsWith("idx") ? 48 : line)) * 8; bit < size * 8; bit++) {
                CrashDisk left = whole.afterCrash(Unforced.SURVIVES, new Random(1));
                byte[] bytes = left.content(path);
                bytes[bit / 8] ^= (byte) (1 << bit % 8);
                left.setContent(path, bytes);
                keepsAll(left, file + " bit " + bit);
            }
        }
        whole.remove(FOLDER + "/logs-1.idx");
        keepsAll(whole, "no logs-1.idx");
    }

    private void keepsAll(CrashDisk left, String where) {
        repairFromEntries(left);
        try (Journal journal = JournalFixture.open(left)) {
            assertThat(JournalFixture.readAll(journal).stream()
                            .map(JournalFixture::line)
                            .toList())
                    .as(where)
                    .isEqualTo(entries.stream().map(JournalFixture::line).toList());
        }
    }

    /** Lines whose records are gone, or torn, are good for this node; to a peer that repairs itself they prove nothing. */
    @Test
    void aPeerGetsWhatIsProvenAndNothingElse() {
        byte[] records = crashed.content(FOLDER + "/logs.idx");
        records[2 * 48 + 20] ^= 1;
        crashed.setContent(FOLDER + "/logs.idx", JournalFixture.concat(records, new byte[48]));
        try (Repair repair = Repair.open(crashed, FOLDER, JournalFixture.IDENTITY, JournalFixture.FORGOTTEN)) {
            assertThat(repair.needs()).containsExactly(new Need.Entries(3, 3));
            assertThat(repair.source().read(1, 1000).entries()).hasSize(2);
            assertThat(repair.source().read(4, 1000).entries()).isNotEmpty();
            assertThat(repair.source().read(COMMITTED, 1000).entries()).hasSize(1);
            assertThat(repair.source().read(COMMITTED + 1L, 1000).entries()).isEmpty();
            assertThat(repair.source().read(LAST, 1000).entries()).isEmpty();
        }
        crashed.remove(FOLDER + "/logs.idx");
        try (Repair repair = Repair.open(crashed, FOLDER, JournalFixture.IDENTITY, JournalFixture.FORGOTTEN)) {
            assertThat(repair.isDone()).isFalse();
            assertThat(repair.source().read(COMMITTED + 1L, 1000).entries()).isEmpty();
        }
    }

    private static void offer(Repair repair, EntryId last) throws IOException {
        CrashDisk peer = new CrashDisk();
        JournalFixture.open(peer).close();
        SnapshotFileTest.write(peer, new SnapshotHeader(last, 2500, 0, 0), List.of(), new TreeMap<>(Map.of("a", "1")));
        byte[] bytes = peer.content(FOLDER + "/snapshot.tmp");
        repair.offerSnapshot(new SnapshotChunk(last, bytes.length, 0, bytes));
    }

    private void repairFromEntries(CrashDisk left) {
        try (Repair repair = Repair.open(left, FOLDER, JournalFixture.IDENTITY, JournalFixture.FORGOTTEN)) {
            for (int round = 0; !repair.isDone(); round++) {
                assertThat(round).as("%s %s", repair.needs(), repair.problems()).isLessThan(10);
                Need.Entries need = (Need.Entries) repair.needs().get(0);
                int end = (int) Math.min(LAST, need.lastIndex() + 1);
                repair.offer(JournalFixture.ofPeer(entries, need.firstIndex(), end), COMMITTED);
            }
        }
    }

    private static int bytesIn(String file, Entry entry) {
        return file.equals("logs.txt") ? entry.length() : 48;
    }
}
