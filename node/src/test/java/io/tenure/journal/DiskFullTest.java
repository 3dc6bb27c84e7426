package io.tenure.journal;

import static io.tenure.journal.JournalFixture.FOLDER;
import static io.tenure.journal.JournalFixture.INDEX;
import static io.tenure.journal.JournalFixture.TEXT;
import static io.tenure.journal.JournalFixture.append;
import static io.tenure.journal.JournalFixture.replace;
import static io.tenure.journal.JournalFixture.set;
import static io.tenure.journal.JournalFixture.state;
import static io.tenure.journal.JournalFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.entry.IndexRecord;
import io.tenure.entry.LineEncoder;
import io.tenure.handoff.DiskSpace;
import io.tenure.handoff.Inbox;
import io.tenure.handoff.SnapshotHeader;
import io.tenure.handoff.WrittenSnapshot;
import io.tenure.journal.CrashDisk.Unforced;
import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import io.tenure.raft.HardState;
import io.tenure.raft.Input;
import io.tenure.raft.Output;
import io.tenure.raft.Persist;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A disk without room: nothing is torn, nothing is told to be durable, reads go on, and so does all when there is room. */
final class DiskFullTest {
    private static final long RESERVE_BYTES = 10_000;
    private static final long ENDLESS = Long.MAX_VALUE;
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(DiskWatch.FULL_LOOK_MILLIS);
    private static final JournalLimits SMALL = new JournalLimits(150, 1 << 20);

    private final CrashDisk disk = new CrashDisk();
    private final Inbox<Persist> persists = new Inbox<>(64, () -> {});
    private final Inbox<Output.DiskTask> tasks = new Inbox<>(64, () -> {});
    private final Inbox<WrittenSnapshot> written = new Inbox<>(1, () -> {});
    private final List<Long> persisted = new ArrayList<>();
    private final List<Object> done = new ArrayList<>();
    private final List<DiskSpace> spaces = new ArrayList<>();
    private long nowNanos = 5;
    private long commit;

    private LogAgent agent(Journal journal) {
        return new LogAgent(
                journal,
                () -> nowNanos,
                persists,
                tasks,
                () -> commit,
                persisted::add,
                done::add,
                new LogAgent.SnapshotSeams(0, written, received -> {}),
                new LogAgent.PeerNotes(List::of, noted -> {}),
                new DiskWatch(disk, FOLDER, () -> nowNanos, RESERVE_BYTES, spaces::add));
    }

    private static List<String> lines(Journal journal) {
        List<String> lines = new ArrayList<>();
        for (Entry entry : JournalFixture.readAll(journal)) {
            lines.add(JournalFixture.line(entry).strip());
        }
        return lines;
    }

    /**
     * However many bytes fit: no record is torn, what was acknowledged before survives a crash, and the rest of the same write
     * goes through once there is room, as if there had always been. The log would roll in between if it could.
     */
    @Test
    void shortWritesAreCutOffAtEveryByte() {
        List<Persist> group = List.of(
                append(11, 4, set(4, 0)),
                new Persist(12, new HardState(1, 2, 2500), 3, 3, List.of(set(33, 1), set(34, 1)), null),
                append(13, 5, set(35, 1)),
                replace(14, 5, set(55, 1), set(56, 1)),
                state(15, 2, 0));
        boolean refused = true;
        for (int room = 0; refused; room += room < 500 ? 1 : 13) {
            CrashDisk full = new CrashDisk();
            Journal journal = JournalFixture.open(full, SMALL);
            write(journal, append(10, 1, set(1, 0), set(2, 0), set(3, 0)));
            full.limitTo(room);
            refused = !journal.write(group);
            if (refused) {
                assertThat(full.content(INDEX).length / IndexRecord.LENGTH)
                        .as("room %d", room)
                        .isEqualTo((int) journal.lastIndex());
                assertThat(new String(full.content(TEXT), StandardCharsets.UTF_8))
                        .as("room %d", room)
                        .isEqualTo(String.join("\n", lines(journal)) + "\n");
                CrashDisk after = full.afterCrash(Unforced.SURVIVES_IN_PART, new Random(room));
                assertThat(lines(JournalFixture.open(after)))
                        .as("room %d", room)
                        .startsWith("SET key\\s1 value1 0", "SET key\\s2 value2 0");
                assertThat(journal.finishWrite()).as("still full").isFalse();
                full.limitTo(ENDLESS);
                assertThat(journal.finishWrite()).isTrue();
            }
            assertThat(lines(journal))
                    .as("room %d", room)
                    .containsExactly(
                            "SET key\\s1 value1 0",
                            "SET key\\s2 value2 0",
                            "SET key\\s33 value33 1",
                            "SET key\\s34 value34 1",
                            "SET key\\s55 value55 1",
                            "SET key\\s56 value56 1");
            journal.close();
            Recovery recovery = JournalFixture.open(full).recovery();
            assertThat(recovery.hardState()).isEqualTo(new HardState(2, 0, 2500));
            assertThat(recovery.tagsLostUpTo()).isZero();
            assertThat(JournalCheck.check(full, FOLDER).problems()).isEmpty();
        }
    }

    /** There may be bytes left and no inode: then neither metadata nor a new pair can be made, until one is. */
    @Test
    void noRoomForAnotherFileIsAFullDiskToo() {
        Journal journal = JournalFixture.open(disk, SMALL);
        write(journal, append(1, 1, set(1, 0), set(2, 0), set(3, 0), set(4, 0), set(5, 0), set(6, 0), set(7, 0)));
        write(journal, append(2, 8, set(8, 0)));
        disk.refuseNewFiles(true);
        journal.noteCommit(3);
        assertThat(journal.notedCommit()).isZero();
        assertThat(journal.write(List.of(append(3, 9, set(9, 0)), state(4, 1, 0))))
                .as("the log would roll")
                .isFalse();
        assertThat(journal.finishWrite()).isFalse();
        assertThat(lines(journal)).as("reads go on").hasSize(8);
        journal.forceIndex();
        disk.refuseNewFiles(false);
        assertThat(journal.finishWrite()).isTrue();
        assertThat(disk.contents()).containsKey(FOLDER + "/logs-1.txt").doesNotContainKey(TEXT + ".tmp");
        assertThat(lines(journal)).hasSize(9);
        journal.close();
        assertThat(lines(JournalFixture.open(disk))).hasSize(9);
        assertThat(JournalCheck.check(disk, FOLDER).problems()).isEmpty();
    }

    /** An error of a force is final, whatever the room. */
    @Test
    void anErrorOfAForceIsNeverTakenForAFullDisk() {
        Journal journal = JournalFixture.open(disk);
        disk.limitTo(20);
        assertThat(journal.write(List.of(append(1, 1, set(1, 0))))).isFalse();
        disk.limitTo(ENDLESS);
        disk.fail("force");
        assertThatThrownBy(journal::finishWrite).isInstanceOf(JournalFailure.class);
        assertThat(journal.hasFailed()).isTrue();
    }

    @Test
    void aNoteOrPieceForWhichThereIsNoRoomIsLeftOut() {
        Journal journal = JournalFixture.open(disk);
        write(journal, append(1, 1, set(1, 0), set(2, 0)));
        disk.limitTo(10);
        journal.noteCommit(2);
        assertThat(journal.notedCommit()).isZero();
        EntryId last = new EntryId(40, 0);
        assertThat(journal.receive(last, 30, 0, new byte[8])).isEqualTo(8);
        assertThat(journal.receive(last, 30, 8, new byte[20]))
                .as("wanted again")
                .isEqualTo(8);
        assertThat(disk.content(FOLDER + "/snapshot.in")).hasSize(8);
        disk.limitTo(ENDLESS);
        assertThat(journal.receive(last, 30, 8, new byte[20])).isEqualTo(28);
        journal.noteCommit(2);
        assertThat(journal.notedCommit()).isEqualTo(2);
    }

    @Test
    void stageKeepsTheGroupAndGoesOnByItself() {
        Journal journal = JournalFixture.open(disk);
        LogAgent agent = agent(journal);
        persists.offer(append(1, 1, set(1, 0)));
        agent.doWork();
        assertThat(spaces).isEmpty();
        disk.limitTo(70);
        persists.offer(append(2, 2, set(2, 0), set(3, 0)));
        agent.doWork();
        assertThat(spaces.get(0)).isEqualTo(new DiskSpace(FOLDER, nowNanos, 0, RESERVE_BYTES));
        assertThat(persisted).containsExactly(1L);
        assertThat(agent.wakeAtNanos() - nowNanos).isEqualTo(RETRY_NANOS);

        persists.offer(append(3, 4, set(4, 0)));
        tasks.offer(new Output.Fetch(1, 1, 1000));
        int calls = disk.calls;
        agent.doWork();
        assertThat(done).as("reads go on").hasSize(1);
        agent.doWork();
        assertThat(disk.calls - calls).as("no attempt before its time").isLessThan(10);
        nowNanos += RETRY_NANOS;
        agent.doWork();
        assertThat(persisted).containsExactly(1L);

        disk.limitTo(ENDLESS);
        nowNanos += RETRY_NANOS;
        agent.doWork();
        assertThat(persisted).as("told before there is said to be room").containsExactly(1L, 2L);
        assertThat(spaces.get(spaces.size() - 1).isFull()).isFalse();
        agent.doWork();
        assertThat(persisted).containsExactly(1L, 2L, 3L);
        assertThat(lines(journal)).hasSize(4);
        agent.onClose();
    }

    @Test
    void theReserveIsWatchedAndLivedOn() {
        Journal journal = JournalFixture.open(disk);
        disk.limitTo(RESERVE_BYTES - 1);
        LogAgent agent = agent(journal);
        agent.doWork();
        assertThat(spaces)
                .as("at once")
                .containsExactly(new DiskSpace(FOLDER, nowNanos, RESERVE_BYTES - 1, RESERVE_BYTES));
        persists.offer(append(1, 1, set(1, 0)));
        persists.offer(state(2, 4, 1));
        agent.doWork();
        assertThat(persisted).as("what was under way, and votes").containsExactly(2L);
        disk.limitTo(RESERVE_BYTES);
        nowNanos += RETRY_NANOS;
        agent.doWork();
        assertThat(spaces.get(spaces.size() - 1).isFull()).isFalse();
        disk.limitTo(RESERVE_BYTES + 200);
        persists.offer(append(3, 2, set(2, 0), set(3, 0), set(4, 0)));
        agent.doWork();
        assertThat(spaces.get(spaces.size() - 1).isFull())
                .as("as soon as a write has taken it")
                .isTrue();
        agent.onClose();
    }

    /** What waits may be in the place of other entries: nothing is noted as committed meanwhile. */
    @Test
    void noCommitIsNotedWhileAGroupWaits() {
        Journal journal = JournalFixture.open(disk);
        LogAgent agent = agent(journal);
        persists.offer(append(1, 1, set(1, 0), set(2, 0)));
        agent.doWork();
        disk.limitTo(5);
        persists.offer(replace(2, 2, set(22, 1)));
        agent.doWork();
        commit = 2;
        nowNanos += TimeUnit.SECONDS.toNanos(5);
        agent.doWork();
        agent.doWork();
        assertThat(journal.notedCommit()).isZero();
        agent.onClose();
        disk.limitTo(ENDLESS);
        assertThat(JournalFixture.open(disk).notedCommit()).isZero();
    }

    /** The same for what waits behind it. */
    @Test
    void noCommitIsNotedBeforeWhatWaitedBehindAGroupIsWritten() {
        Journal journal = JournalFixture.open(disk);
        LogAgent agent = agent(journal);
        persists.offer(append(1, 1, set(1, 0), set(2, 0)));
        agent.doWork();
        disk.limitTo(5);
        persists.offer(append(2, 3, set(3, 0)));
        agent.doWork();
        persists.offer(replace(3, 2, set(22, 1)));
        commit = 2;
        nowNanos += TimeUnit.SECONDS.toNanos(5);
        disk.limitTo(ENDLESS);
        agent.doWork();
        assertThat(persisted).containsExactly(1L, 2L);
        assertThat(journal.notedCommit()).isZero();
        for (int turn = 0; turn < 3; turn++) {
            nowNanos += TimeUnit.SECONDS.toNanos(5);
            agent.doWork();
        }
        assertThat(persisted).containsExactly(1L, 2L, 3L);
        assertThat(journal.notedCommit()).isEqualTo(2);
        agent.onClose();
    }

    /** Nine entries in three pairs; then a snapshot of {@code last} is finished, and a group does not fit on the disk. */
    private LogAgent agentWithoutRoomButWithSnapshot(Journal journal, EntryId last) throws IOException {
        LogAgent agent = agent(journal);
        for (int i = 1; i <= 9; i++) {
            persists.offer(append(i, i, set(i, 0)));
            agent.doWork();
        }
        SnapshotFileTest.write(disk, new SnapshotHeader(last, 2500, 0, 0), List.of(), new TreeMap<>(Map.of("a", "1")));
        disk.limitTo(1_000);
        Entry large = LineEncoder.set("large", "x".repeat(5_000), 1, 1, 0);
        persists.offer(append(10, 10, large));
        agent.doWork();
        assertThat(persisted).last().isEqualTo(9L);
        written.offer(new WrittenSnapshot(last, 100));
        return agent;
    }

    /** What a compaction frees is what the group waits for. */
    @Test
    void aSnapshotIsAdoptedAndTheLogCompactedWhileAGroupWaits() throws IOException {
        Journal journal = JournalFixture.open(disk, SMALL);
        EntryId last = new EntryId(8, 0);
        LogAgent agent = agentWithoutRoomButWithSnapshot(journal, last);
        agent.doWork();
        assertThat(journal.snapshot()).isEqualTo(last);
        assertThat(journal.base().index()).isBetween(4L, 8L);
        assertThat(journal.notedCommit()).isEqualTo(8);
        assertThat(done).containsExactly(new Input.SnapshotWritten(last, 100, journal.base()));
        assertThat(persisted).as("the group still waits").last().isEqualTo(9L);
        disk.limitTo(ENDLESS);
        nowNanos += RETRY_NANOS;
        agent.doWork();
        assertThat(persisted).last().isEqualTo(10L);
        agent.onClose();
        assertThat(JournalFixture.open(disk, SMALL).lastIndex()).isEqualTo(10);
    }

    /** What is in the files is not yet what the snapshot includes: the write that makes it so waits behind the group. */
    @Test
    void aSnapshotOfWhatIsYetToBeWrittenInThePlaceOfOtherEntriesIsNotAdopted() throws IOException {
        Journal journal = JournalFixture.open(disk, SMALL);
        EntryId last = new EntryId(8, 1);
        LogAgent agent = agentWithoutRoomButWithSnapshot(journal, last);
        persists.offer(replace(11, 8, set(88, 1)));
        for (int turn = 0; turn < 3; turn++) {
            agent.doWork();
            nowNanos += RETRY_NANOS;
        }
        assertThat(journal.snapshot()).isEqualTo(EntryId.NONE);
        assertThat(journal.notedCommit()).isZero();
        disk.limitTo(ENDLESS);
        for (int turn = 0; turn < 3; turn++) {
            nowNanos += RETRY_NANOS;
            agent.doWork();
        }
        assertThat(persisted).last().isEqualTo(11L);
        assertThat(journal.snapshot()).isEqualTo(last);
        agent.onClose();
    }

    /** Not even the metadata can be written: the compaction is made up for once it can, and only then told. */
    @Test
    void aCompactionForWhichThereIsNoRoomIsMadeUpFor() throws IOException {
        Journal journal = JournalFixture.open(disk, SMALL);
        EntryId last = new EntryId(8, 0);
        LogAgent agent = agentWithoutRoomButWithSnapshot(journal, last);
        journal.noteCommit(8);
        disk.refuseNewFiles(true);
        agent.doWork();
        agent.doWork();
        assertThat(journal.snapshot()).as("takes no room").isEqualTo(last);
        assertThat(journal.base()).isEqualTo(EntryId.NONE);
        assertThat(done).isEmpty();
        disk.refuseNewFiles(false);
        agent.doWork();
        assertThat(journal.base().index()).isBetween(4L, 8L);
        assertThat(done).containsExactly(new Input.SnapshotWritten(last, 100, journal.base()));
        agent.onClose();
    }
}
