package io.tenure.journal;

import static io.tenure.journal.JournalFixture.FOLDER;
import static io.tenure.journal.JournalFixture.INDEX;
import static io.tenure.journal.JournalFixture.append;
import static io.tenure.journal.JournalFixture.replace;
import static io.tenure.journal.JournalFixture.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.entry.IndexRecord;
import io.tenure.handoff.DiskSpace;
import io.tenure.handoff.Inbox;
import io.tenure.journal.CrashDisk.Unforced;
import io.tenure.raft.Input;
import io.tenure.raft.Output;
import io.tenure.raft.Persist;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

/** The stage that owns the journal: groups, completions, reads and what it does in the background. */
final class LogAgentTest {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(DiskWatch.LOOK_MILLIS);

    private final CrashDisk disk = new CrashDisk();
    private final Inbox<Persist> persists = new Inbox<>(64, () -> {});
    private final Inbox<Output.DiskTask> fetches = new Inbox<>(64, () -> {});
    private final List<DiskSpace> spaces = new ArrayList<>();
    private final List<Long> persisted = new ArrayList<>();
    private final List<Input.Fetched> fetched = new ArrayList<>();
    private long nowNanos = Long.MAX_VALUE - 7;
    private long commit;
    private Journal journal = JournalFixture.open(disk);
    private LogAgent agent = agent(() -> commit);

    private LogAgent agent(LongSupplier commitIndex) {
        return new LogAgent(
                journal,
                () -> nowNanos,
                persists,
                fetches,
                commitIndex,
                persisted::add,
                each -> fetched.add((Input.Fetched) each),
                new LogAgent.SnapshotSeams(0, new Inbox<>(4, () -> {}), received -> {}),
                List::of,
                new DiskWatch(disk, FOLDER, () -> nowNanos, 1 << 20, spaces::add));
    }

    @Test
    void groupIsWhatWaits() {
        assertThat(agent.doWork()).isZero();
        assertThat(agent.wakeAtNanos() - nowNanos).as("for its disk").isEqualTo(LOOK_NANOS);
        persists.offer(append(1, 1, set(1, 0)));
        persists.offer(append(2, 2, set(2, 0)));
        persists.offer(append(3, 3, set(3, 0)));
        int before = disk.calls;

        assertThat(agent.doWork()).isEqualTo(3);

        assertThat(persisted).containsExactly(3L);
        assertThat(disk.calls - before).isEqualTo(3);
        assertThat(JournalFixture.open(disk.afterCrash(Unforced.VANISHES, new Random(1)))
                        .lastIndex())
                .isEqualTo(3);
    }

    /** LEASE.md, 4 #6: nothing is told to be durable before the force. */
    @Test
    void nothingIsPublishedIfTheForceFails() {
        persists.offer(append(1, 1, set(1, 0)));
        disk.fail("force");
        assertThatThrownBy(() -> agent.doWork()).isInstanceOf(JournalFailure.class);
        assertThat(persisted).isEmpty();
        disk.fail("");
        agent.onClose();
        assertThat(persisted).isEmpty();
        assertThat(JournalFixture.open(disk).recovery().bootCount())
                .as("the lock was given back")
                .isEqualTo(2);
    }

    @Test
    void readsForPeersAfterWhatWasWrittenBefore() {
        persists.offer(append(1, 1, set(1, 0), set(2, 0), set(3, 0)));
        fetches.offer(new Output.Fetch(2, 2, 1000));
        fetches.offer(new Output.Fetch(1, 9, 1000));
        agent.doWork();
        assertThat(fetched).hasSize(2);
        assertThat(fetched.get(0).peer()).isEqualTo(2);
        assertThat(fetched.get(0).firstIndex()).isEqualTo(2);
        assertThat(JournalFixture.describe(fetched.get(0).entries()))
                .isEqualTo(JournalFixture.describe(List.of(set(2, 0), set(3, 0))));
        assertThat(fetched.get(1).entries()).isEmpty();
    }

    /** Rot that a slow follower's read comes upon: nothing is sent, and the journal is free for a repair. */
    @Test
    void aReadThatMeetsRotEndsTheRun() throws Exception {
        persists.offer(append(1, 1, set(1, 0), set(2, 0), set(3, 0)));
        agent.doWork();
        String file = JournalFixture.FOLDER + "/logs.txt";
        byte[] rotten = disk.content(file);
        rotten[rotten.length - 4] ^= 1;
        disk.setContent(file, rotten);
        fetches.offer(new Output.Fetch(2, 1, 1000));
        assertThatThrownBy(() -> agent.doWork())
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining(file + ", line 3 (entry 3)");
        assertThat(fetched).isEmpty();
        agent.onClose();
        assertThat(disk.content(file)).isEqualTo(rotten);
        disk.lock(JournalFixture.FOLDER).close();
    }

    @Test
    void indexIsForcedInTheBackground() {
        persists.offer(append(1, 1, set(1, 0)));
        agent.doWork();
        assertThat(forcedRecords()).isZero();
        assertThat(agent.wakeAtNanos() - nowNanos).isEqualTo(TimeUnit.MILLISECONDS.toNanos(100));
        nowNanos += TimeUnit.MILLISECONDS.toNanos(99);
        persists.offer(append(2, 2, set(2, 0)));
        agent.doWork();
        assertThat(forcedRecords()).isZero();
        nowNanos += TimeUnit.MILLISECONDS.toNanos(1);
        agent.doWork();
        assertThat(forcedRecords()).isEqualTo(2);
    }

    @Test
    void commitIsNotedOnceASecondUntilAllIs() {
        persists.offer(append(1, 1, set(1, 0), set(2, 0)));
        agent.doWork();
        commit = 1;
        nowNanos += TimeUnit.MILLISECONDS.toNanos(999);
        agent.doWork();
        assertThat(journal.notedCommit()).isZero();
        nowNanos += TimeUnit.MILLISECONDS.toNanos(1);
        agent.doWork();
        assertThat(journal.notedCommit()).isEqualTo(1);
        commit = 2;
        nowNanos += TimeUnit.MILLISECONDS.toNanos(950);
        agent.doWork();
        assertThat(journal.notedCommit()).isEqualTo(1);
        assertThat(agent.wakeAtNanos() - nowNanos).isEqualTo(TimeUnit.MILLISECONDS.toNanos(50));
        nowNanos = agent.wakeAtNanos();
        agent.doWork();
        assertThat(journal.notedCommit()).isEqualTo(2);
        assertThat(agent.wakeAtNanos() - nowNanos)
                .as("an idle journal sleeps, but for its disk")
                .isLessThanOrEqualTo(LOOK_NANOS);
    }

    @Test
    void stopForcesAndNotesEverything() {
        persists.offer(append(1, 1, set(1, 0), set(2, 0)));
        commit = 2;
        agent.onClose();
        assertThat(persisted).containsExactly(1L);
        CrashDisk left = disk.afterCrash(Unforced.VANISHES, new Random(1));
        Recovery recovery = JournalFixture.open(left).recovery();
        assertThat(recovery.commitIndex()).isEqualTo(2);
        assertThat(recovery.tagsLostUpTo()).isZero();
    }

    /**
     * The core counts on a write that is still in the inbox: the commit index that follows from it must not be noted for
     * the entry which that write replaces.
     */
    @Test
    void commitIsNeverNotedForAnEntryThatIsAboutToBeReplaced() {
        AtomicBoolean coreTakesTurn = new AtomicBoolean();
        agent = agent(() -> {
            // Just when the commit index is read: the write is offered, then the index published.
            if (coreTakesTurn.compareAndSet(true, false)) {
                persists.offer(replace(2, 2, set(22, 1)));
                commit = 2;
            }
            return commit;
        });
        persists.offer(append(1, 1, set(1, 0), set(2, 0)));
        agent.doWork();
        nowNanos += TimeUnit.SECONDS.toNanos(1);
        coreTakesTurn.set(true);
        agent.doWork();
        assertThat(journal.notedCommit()).isEqualTo(2);

        List<String> committed = new ArrayList<>();
        Journal.open(
                disk.afterCrash(Unforced.VANISHES, new Random(1)),
                FOLDER,
                JournalFixture.IDENTITY,
                JournalLimits.DEFAULT,
                JournalFixture.random(),
                (index, entry, isCommitted, tagLost) -> committed.add(JournalFixture.line(entry) + isCommitted));
        assertThat(committed).containsExactly("SET key\\s1 value1 0\ntrue", "SET key\\s22 value22 1\ntrue");
    }

    private int forcedRecords() {
        return disk.afterCrash(Unforced.VANISHES, new Random(1)).content(INDEX).length / IndexRecord.LENGTH;
    }
}
