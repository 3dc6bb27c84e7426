package io.tenure.journal;

import static io.tenure.journal.JournalFixture.FOLDER;
import static io.tenure.journal.JournalFixture.append;
import static io.tenure.journal.JournalFixture.replace;
import static io.tenure.journal.JournalFixture.set;
import static io.tenure.journal.JournalFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.handoff.ReceivedSnapshot;
import io.tenure.handoff.SessionRecord;
import io.tenure.handoff.SnapshotHeader;
import io.tenure.journal.CrashDisk.Unforced;
import io.tenure.raft.EntryId;
import io.tenure.raft.Persist;
import io.tenure.raft.SnapshotChunk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Snapshots of an open journal: adopted, compacted to, sent, received, installed, and what a start makes of them. */
final class JournalSnapshotTest {
    private static final JournalLimits LIMITS = new JournalLimits(50, 1 << 20);
    private static final String SNAPSHOT = FOLDER + "/snapshot.txt";

    private final CrashDisk disk = new CrashDisk();

    private static void take(Disk disk, long index, long term, String... keys) throws IOException {
        TreeMap<String, String> values = new TreeMap<>();
        for (String key : keys) {
            values.put(key, "of " + index);
        }
        SnapshotFileTest.write(
                disk,
                new SnapshotHeader(new EntryId(index, term), 2500, 0, 0),
                List.of(new SessionRecord(7, 0, 1, 1, List.of(1L))),
                values);
    }

    /** Pairs 1..3, 4..6, 7..9 and the current one with 10. */
    private Journal journalOfTen() {
        Journal journal = JournalFixture.open(disk, LIMITS);
        for (int i = 1; i <= 10; i++) {
            write(journal, append(i, i, set(i, i / 5)));
        }
        return journal;
    }

    private List<String> names() {
        return disk.contents().keySet().stream()
                .map(name -> name.substring(name.lastIndexOf('/') + 1))
                .toList();
    }

    private static Journal open(CrashDisk disk, SnapshotFileTest.Seen seen) {
        return Journal.open(disk, FOLDER, JournalFixture.IDENTITY, LIMITS, JournalFixture.random(), seen);
    }

    @Test
    void startShowsTheSnapshotThenWhatCameAfterIt() throws IOException {
        Journal journal = journalOfTen();
        take(disk, 8, 1, "a", "b");
        assertThat(journal.adoptSnapshot()).isEqualTo(new EntryId(8, 1));
        assertThat(journal.snapshot()).isEqualTo(new EntryId(8, 1));
        assertThat(journal.base()).isEqualTo(EntryId.NONE);

        SnapshotFileTest.Seen seen = new SnapshotFileTest.Seen();
        Recovery recovery =
                open(disk.afterCrash(Unforced.VANISHES, new Random(1)), seen).recovery();
        assertThat(seen.all)
                .containsExactly(
                        "SnapshotHeader[last=EntryId[index=8, term=1], leasePromisedMillisMax=2500, evictedUpTo=0, "
                                + "tagsLostUpTo=0]",
                        "SessionRecord[id=7, forgottenUpTo=0, highest=1, lastIndex=1, indexes=[1]]",
                        "a=of 8",
                        "b=of 8",
                        "9 SET key\\s9 value9 1",
                        "10 SET key\\s10 value10 2");
        assertThat(recovery.snapshot()).isEqualTo(new EntryId(8, 1));
        assertThat(recovery.commitIndex()).as("a snapshot is a proof").isEqualTo(8);
        assertThat(recovery.log().base()).isEqualTo(EntryId.NONE);
        assertThat(recovery.log().lastIndex()).isEqualTo(10);
        assertThat(recovery.log().firstInWindow()).isEqualTo(1);
    }

    @Test
    void compactionDeletesOnlyWholePairsBelowBoth() throws IOException {
        Journal journal = journalOfTen();
        assertThat(journal.compact(10)).as("no snapshot").isEqualTo(EntryId.NONE);
        take(disk, 8, 1, "a");
        journal.adoptSnapshot();
        assertThat(journal.compact(3)).isEqualTo(EntryId.NONE);
        assertThat(journal.compact(4)).isEqualTo(new EntryId(3, 0));
        assertThat(names()).contains("logs-4.txt", "logs-7.txt").doesNotContain("logs-1.txt", "logs-1.idx");
        assertThat(journal.compact(100)).as("entry 9 is not in the snapshot").isEqualTo(new EntryId(6, 1));
        assertThat(names()).contains("logs-7.txt").doesNotContain("logs-4.txt", "logs-4.idx");
        assertThat(journal.read(6, 1000)).isEmpty();
        assertThat(journal.read(7, 1000)).hasSizeGreaterThan(1);
        assertThat(new String(disk.content(FOLDER + "/metadata.txt"), StandardCharsets.UTF_8))
                .containsPattern("\nlogStart 6 1 120 [0-9a-f]{8}\ninstall none\n");
        journal.close();

        Journal again = JournalFixture.open(disk, LIMITS);
        assertThat(again.recovery().log().base()).isEqualTo(new EntryId(6, 1));
        assertThat(again.recovery().log().last()).isEqualTo(new EntryId(10, 2));
        assertThat(again.base()).isEqualTo(new EntryId(6, 1));
        JournalCheck.Report report = JournalCheck.check(disk, FOLDER);
        assertThat(report.problems()).isEmpty();
        assertThat(report.entries()).isEqualTo(4);
        assertThat(report.notes()).anyMatch(note -> note.contains("snapshot.txt: 1 keys, up to entry 8 of term 1"));
    }

    @Test
    void truncationGoesBackOverRollsButNotIntoTheSnapshot() throws IOException {
        Journal journal = journalOfTen();
        take(disk, 4, 0, "a");
        journal.adoptSnapshot();
        journal.compact(100);
        assertThat(journal.base()).isEqualTo(new EntryId(3, 0));
        write(journal, replace(11, 5, set(50, 3)));
        assertThat(journal.lastIndex()).isEqualTo(5);
        CrashDisk left = disk.afterCrash(Unforced.SURVIVES, new Random(1));
        assertThat(JournalFixture.open(left, LIMITS).recovery().log().last()).isEqualTo(new EntryId(5, 3));
        assertThatThrownBy(() -> write(journal, replace(12, 4, set(51, 4)))).isInstanceOf(IllegalStateException.class);
    }

    /** A leader may know of a commit, and apply it, before its own disk has the entry. */
    @Test
    void snapshotAheadOfTheOwnDiskIsNotAdoptedYet() throws IOException {
        Journal journal = JournalFixture.open(disk, LIMITS);
        write(journal, append(1, 1, set(1, 0)));
        take(disk, 2, 0, "a");
        assertThat(journal.adoptSnapshot()).isNull();
        assertThat(names()).contains("snapshot.tmp").doesNotContain("snapshot.txt");
        write(journal, append(2, 2, set(2, 0)));
        assertThat(journal.adoptSnapshot()).isEqualTo(new EntryId(2, 0));
        take(disk, 1, 0, "old");
        assertThat(journal.adoptSnapshot()).as("an older one").isEqualTo(new EntryId(2, 0));
        assertThat(names()).doesNotContain("snapshot.tmp");
    }

    @Test
    void rotInTheSnapshotStopsTheNode() throws IOException {
        Journal journal = journalOfTen();
        take(disk, 8, 1, "a");
        journal.adoptSnapshot();
        journal.compact(100);
        journal.close();
        byte[] good = disk.content(SNAPSHOT);
        byte[] bad = good.clone();
        bad[good.length / 2] ^= 1;
        disk.setContent(SNAPSHOT, bad);
        assertThatThrownBy(() -> JournalFixture.open(disk, LIMITS))
                .isInstanceOf(JournalException.class)
                .hasMessageStartingWith("Damaged: data/logs_node_0/snapshot.txt, line 8: the checksum of the 7 lines "
                        + "before is wrong. The log was not changed")
                .hasMessageContaining("node.jar rejoin");
        assertThat(JournalCheck.check(disk, FOLDER).problems())
                .extracting(JournalCheck.Problem::toString)
                .containsExactly("data/logs_node_0/snapshot.txt, line 8: the checksum of the 7 lines before is wrong");
        disk.remove(SNAPSHOT);
        assertThatThrownBy(() -> JournalFixture.open(disk, LIMITS))
                .hasMessageStartingWith(
                        "Damaged: data/logs_node_0/snapshot.txt is missing, though the log begins after " + "entry 6");
        assertThat(JournalCheck.check(disk, FOLDER).isDamaged()).isTrue();
    }

    @Test
    void transferResumesAndStartsAnew() throws IOException {
        Journal sender = journalOfTen();
        assertThat(sender.readSnapshot(1, EntryId.NONE, 0, 40)).isNull();
        take(disk, 4, 0, "a", "b");
        sender.adoptSnapshot();
        EntryId old = new EntryId(4, 0);
        SnapshotChunk first = sender.readSnapshot(1, EntryId.NONE, 99, 40);
        assertThat(first.last()).isEqualTo(old);
        assertThat(first.offset()).isZero();
        assertThat(first.bytes()).hasSize(40);
        byte[] oldBytes = disk.content(SNAPSHOT);
        take(disk, 9, 1, "a", "b", "c");
        sender.adoptSnapshot();

        CrashDisk otherDisk = new CrashDisk();
        Journal receiver = JournalFixture.open(otherDisk, LIMITS);
        assertThat(receiver.receive(old, first.totalBytes(), 40, new byte[3]))
                .as("not the first")
                .isZero();
        assertThat(receiver.receive(old, first.totalBytes(), 0, first.bytes())).isEqualTo(40);
        assertThat(receiver.receive(old, first.totalBytes(), 0, first.bytes()))
                .as("again")
                .isEqualTo(40);
        assertThat(receiver.receive(old, first.totalBytes(), 60, first.bytes()))
                .as("a gap")
                .isEqualTo(40);
        assertThat(receiver.receive(old, first.totalBytes(), 40, new byte[1000]))
                .as("too long")
                .isEqualTo(40);
        assertThat(receiver.receive(new EntryId(9, 1), 1000, 40, new byte[3]))
                .as("another")
                .isZero();
        assertThatThrownBy(receiver::verifyReceived).isInstanceOf(IllegalStateException.class);
        receiver.close();
        Journal again = JournalFixture.open(otherDisk, LIMITS);
        assertThat(otherDisk.contents()).doesNotContainKey(FOLDER + "/snapshot.in");

        long offset = 0;
        while (offset < first.totalBytes()) {
            SnapshotChunk chunk = sender.readSnapshot(1, old, offset, 40);
            assertThat(chunk.last()).as("goes on with the file it began with").isEqualTo(old);
            offset = again.receive(old, chunk.totalBytes(), chunk.offset(), chunk.bytes());
        }
        assertThat(otherDisk.content(FOLDER + "/snapshot.in")).isEqualTo(oldBytes);
        assertThat(again.verifyReceived().header().last()).isEqualTo(old);
        sender.close();
    }

    /** Nobody tells that a transfer is over; what it was of must not take room for ever. */
    @Test
    void aTransferThatRestsLetsGoOfItsFile() throws IOException {
        Journal sender = journalOfTen();
        take(disk, 4, 0, "a", "b");
        sender.adoptSnapshot();
        EntryId old = sender.readSnapshot(1, EntryId.NONE, 0, 40).last();
        assertThat(old).isEqualTo(new EntryId(4, 0));
        take(disk, 6, 1, "a", "b");
        sender.adoptSnapshot();
        assertThat(sender.readSnapshot(1, old, 40, 40).last()).isEqualTo(old);
        take(disk, 8, 1, "a", "b");
        sender.adoptSnapshot();
        assertThat(sender.readSnapshot(1, old, 40, 40).last()).isEqualTo(old);
        take(disk, 9, 1, "a", "b");
        sender.adoptSnapshot();
        take(disk, 10, 2, "a", "b");
        sender.adoptSnapshot();
        assertThat(sender.readSnapshot(1, old, 40, 40).last()).isEqualTo(new EntryId(10, 2));
    }

    /** A file that is open takes its room for as long as the process lives, though another one has its name. */
    @Test
    void aTransferThatNobodyGoesOnWithIsEnded() throws IOException {
        Journal sender = journalOfTen();
        EntryId old = new EntryId(4, 0);
        take(disk, 4, 0, "a");
        sender.adoptSnapshot();
        sender.readSnapshot(1, EntryId.NONE, 0, 40);
        take(disk, 6, 1, "a");
        sender.adoptSnapshot();
        assertThat(sender.readSnapshot(1, old, 40, 40).last()).as("under way").isEqualTo(old);
        take(disk, 7, 1, "a");
        sender.adoptSnapshot();
        take(disk, 8, 1, "a");
        sender.adoptSnapshot();
        assertThat(sender.readSnapshot(1, old, 80, 40).last()).isEqualTo(new EntryId(8, 1));
    }

    static void transfer(byte[] snapshot, EntryId last, Journal to) {
        for (int at = 0; at < snapshot.length; at += 100) {
            byte[] bytes = Arrays.copyOfRange(snapshot, at, Math.min(at + 100, snapshot.length));
            assertThat(to.receive(last, snapshot.length, at, bytes)).isEqualTo(at + bytes.length);
        }
    }

    @Test
    void installationPutsTheSnapshotInThePlaceOfTheLog() throws IOException {
        CrashDisk otherDisk = new CrashDisk();
        JournalFixture.open(otherDisk, LIMITS).close();
        take(otherDisk, 30, 5, "a", "b");
        byte[] snapshot = otherDisk.content(FOLDER + "/snapshot.tmp");

        Journal journal = journalOfTen();
        EntryId last = new EntryId(30, 5);
        assertThatThrownBy(() -> journal.install(last)).isInstanceOf(IllegalStateException.class);
        journal.close();
        Journal again = JournalFixture.open(disk, LIMITS);
        transfer(snapshot, last, again);
        ReceivedSnapshot received = again.verifyReceived();
        assertThat(received.header().last()).isEqualTo(last);
        assertThat(received.sessions()).containsExactly(new SessionRecord(7, 0, 1, 1, List.of(1L)));
        write(again, new Persist(1, null, 0, 31, List.of(set(31, 5), set(32, 6)), last));

        assertThat(names()).contains("snapshot.txt").doesNotContain("snapshot.in", "logs-1.txt", "logs-7.idx");
        assertThat(again.base()).isEqualTo(last);
        assertThat(again.lastIndex()).isEqualTo(32);
        assertThat(again.read(1, 1000)).isEmpty();
        assertThat(again.read(31, 1000)).hasSize(2);
        for (Unforced unforced : List.of(Unforced.VANISHES, Unforced.SURVIVES)) {
            SnapshotFileTest.Seen seen = new SnapshotFileTest.Seen();
            CrashDisk left = disk.afterCrash(unforced, new Random(1));
            Recovery recovery = open(left, seen).recovery();
            assertThat(seen.all).endsWith("b=of 30", "31 SET key\\s31 value31 5", "32 SET key\\s32 value32 6");
            assertThat(recovery.log().base()).isEqualTo(last);
            assertThat(recovery.snapshot()).isEqualTo(last);
            assertThat(recovery.commitIndex()).isEqualTo(30);
            assertThat(JournalCheck.check(left, FOLDER).problems()).isEmpty();
        }
    }

    /** The machine may go while the log makes way; what a peer sends meanwhile must not take the good one's place then. */
    @Test
    void whatIsReceivedDuringAnInstallationIsNotTakenForIt() throws IOException {
        CrashDisk otherDisk = new CrashDisk();
        JournalFixture.open(otherDisk, LIMITS).close();
        take(otherDisk, 30, 5, "a", "b");
        byte[] snapshot = otherDisk.content(FOLDER + "/snapshot.tmp");
        EntryId last = new EntryId(30, 5);
        byte[] piece = Arrays.copyOf(snapshot, snapshot.length / 2);
        int inBetween = 0;
        boolean installed = false;
        for (int step = 1; !installed; step++) {
            CrashDisk left = new CrashDisk();
            Journal journal = JournalFixture.open(left, LIMITS);
            write(journal, append(1, 1, set(1, 0)));
            transfer(snapshot, last, journal);
            journal.verifyReceived();
            left.crashAt = left.calls + step;
            try {
                journal.install(last);
                installed = true;
            } catch (CrashDisk.Crash e) {
                // At one of its steps.
            }
            CrashDisk after = left.afterCrash(Unforced.SURVIVES, new Random(1));
            String metadata = new String(after.content(FOLDER + "/metadata.txt"), StandardCharsets.UTF_8);
            if (metadata.contains("\ninstall 30 5\n") && after.contents().containsKey(SNAPSHOT)) {
                inBetween++;
                after.setContent(FOLDER + "/snapshot.in", inBetween % 2 == 0 ? piece : new byte[0]);
                assertThat(JournalFixture.open(after, LIMITS).recovery().snapshot())
                        .isEqualTo(last);
                assertThat(after.contents()).doesNotContainKey(FOLDER + "/snapshot.in");
            }
        }
        assertThat(inBetween).isGreaterThan(5);
    }

    @Test
    void damagedTransferIsDropped() throws IOException {
        CrashDisk otherDisk = new CrashDisk();
        JournalFixture.open(otherDisk, LIMITS).close();
        take(otherDisk, 30, 5, "a", "b");
        byte[] snapshot = otherDisk.content(FOLDER + "/snapshot.tmp");
        EntryId last = new EntryId(30, 5);
        Journal journal = journalOfTen();
        byte[] bad = snapshot.clone();
        bad[100] ^= 1;
        transfer(bad, last, journal);
        assertThat(journal.verifyReceived()).isNull();
        transfer(snapshot, new EntryId(31, 5), journal);
        assertThat(journal.verifyReceived())
                .as("not the one that was announced")
                .isNull();
        assertThat(names()).doesNotContain("snapshot.in");
        transfer(snapshot, last, journal);
        assertThat(journal.verifyReceived()).isNotNull();
        assertThat(journal.lastIndex()).isEqualTo(10);
    }

    /** The core installs only what the log does not hold; what it declines would stay for as long as nothing else comes. */
    @Test
    void aSnapshotThatTheLogHasCaughtUpWithIsDropped() throws IOException {
        CrashDisk otherDisk = new CrashDisk();
        JournalFixture.open(otherDisk, LIMITS).close();
        take(otherDisk, 12, 2, "a", "b");
        byte[] snapshot = otherDisk.content(FOLDER + "/snapshot.tmp");
        Journal journal = journalOfTen();
        transfer(snapshot, new EntryId(12, 2), journal);
        assertThat(journal.verifyReceived()).isNotNull();
        write(journal, append(1, 11, set(11, 2)));
        journal.dropNeedlessSnapshot();
        assertThat(names()).as("the log ends before").contains("snapshot.in");
        write(journal, append(2, 12, set(12, 3)));
        journal.dropNeedlessSnapshot();
        assertThat(names()).as("the log holds another entry").contains("snapshot.in");
        write(journal, JournalFixture.replace(3, 12, set(12, 2)));
        journal.dropNeedlessSnapshot();
        assertThat(names()).doesNotContain("snapshot.in");
        assertThatThrownBy(() -> journal.install(new EntryId(12, 2))).isInstanceOf(IllegalStateException.class);
    }
}
