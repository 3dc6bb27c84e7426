package io.tenure.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Reads at leaders that have been, or are about to be, replaced: whatever is delayed, paused or restarted, no client is told
 * a value older than one that was acknowledged before it asked. Leases are five times as long as election timeouts, so that
 * the next leader is always elected while the old one may still be leased.
 */
final class StaleReadScenarioTest {
    private static final long LEASE_MILLIS = 2_000;
    private static final long FOR_EVER_MILLIS = 20_000;

    private Cluster cluster = new Cluster(Tuning.of(3).leaseMillis(LEASE_MILLIS));

    /**
     * LEASE.md 4, item 9: answers to the last heartbeat reach the old leader when nine tenths of its lease have passed. Counted
     * from their arrival the lease would outlast the wait of the next leader.
     */
    @Test
    void answersThatTookLongMakeNoLongerLease() {
        TestNode old = leaderWithValue("old");
        cluster.hold(1, 0);
        cluster.hold(2, 0);
        cluster.advanceMillis(50);
        Cluster.Packet answer = cluster.underWay(1, 0).get(0);
        cluster.cut(0, 1);
        cluster.cut(0, 2);
        cluster.advanceMillis(LEASE_MILLIS * 9 / 10);
        cluster.deliver(answer);
        assertThat(ClientRead.at(old, "x")).as("rightly").isEqualTo("old");

        TestNode next = successor();
        write(next, "new");

        assertThat(old.isLeader()).as("it has heard of nothing").isTrue();
        assertThat(ClientRead.at(old, "x")).isEqualTo(ClientRead.NOT_BY_LEASE);
    }

    /**
     * LEASE.md 4, item 11: the process stands still for twice its lease, and the first thing that it then takes in is a client,
     * not a timer. Only the clock, looked at now, can tell.
     */
    @Test
    void aClientComesBeforeTheTimerOfALeaderThatWasPaused() {
        for (boolean strict : new boolean[] {false, true}) {
            Tuning tuning = Tuning.of(3).leaseMillis(LEASE_MILLIS);
            cluster = new Cluster(strict ? tuning.strict() : tuning);
            TestNode old = leaderWithValue("old");
            cluster.pause(0);
            cluster.advanceMillis(2 * LEASE_MILLIS);
            write(successor(), "new");
            cluster.resume(0);

            assertThat(old.publishedLease()).as("nobody has withdrawn it").isNotNull();
            assertThat(ClientRead.at(old, "x")).isEqualTo(ClientRead.NOT_BY_LEASE);
            long read = old.read();
            long write = old.propose("x", "newest");
            if (strict) {
                assertThat(old.fate(read)).isEqualTo("NO_LEASE");
                assertThat(old.fate(write)).isEqualTo("NO_LEASE");
            }
            cluster.settle();
            cluster.advanceMillis(100);
            assertThat(old.isLeader()).isFalse();
            assertThat(old.fate(read)).isEqualTo(strict ? "NO_LEASE" : "NOT_LEADER");
            assertThat(old.fate(write)).isEqualTo(strict ? "NO_LEASE" : "OUTCOME_UNKNOWN");
        }
    }

    /**
     * LEASE.md 4, items 14 and 21: the last entry that the old leader acknowledged is the only one of which the next leader does
     * not know that it is committed. Its key is not read there by lease before it is; every other key is.
     */
    @Test
    void theLastAcknowledgedWriteIsInLimboAtTheNextLeader() {
        TestNode old = leaderWithValue("old");
        long write = old.propose("x", "new");
        cluster.settle();
        assertThat(old.fate(write)).isEqualTo("READY");
        cluster.isolate(0);

        TestNode next = successor();
        assertThat(next.raft().log().lastIndex() - next.raft().commitIndex())
                .as("that write, and the NO-OP of the new term")
                .isEqualTo(2);
        assertThat(next.isLeased()).isTrue();
        assertThat(ClientRead.at(next, "x")).isEqualTo(ClientRead.NOT_BY_LEASE);
        assertThat(ClientRead.at(next, "y"))
                .as("frozen until this leader commits")
                .isEqualTo(ClientRead.ABSENT);
        assertThat(ClientRead.at(old, "x")).as("both are leased").isEqualTo("new");

        cluster.advanceMillis(LEASE_MILLIS);
        assertThat(ClientRead.at(next, "x")).isEqualTo("new");
    }

    /**
     * LEASE.md 4, items 15 and 29: the process is stopped at any point of a read; another leader is elected and acknowledges a
     * write; then the read goes on. It answers only if it had looked at the clock before, so that it overlaps that write.
     */
    @Test
    void aReadIsPausedWhileAnotherLeaderWrites() {
        for (int taken = 0; taken <= 5; taken++) {
            cluster = new Cluster(Tuning.of(3).leaseMillis(LEASE_MILLIS));
            TestNode old = leaderWithValue("old");
            ClientRead read = ClientRead.begin(old, "x").take(taken);
            cluster.pause(0);
            cluster.advanceMillis(500);
            write(successor(), "new");
            cluster.resume(0);
            assertThat(read.finish())
                    .as("stopped after %d steps", taken)
                    .isEqualTo(taken < 4 ? ClientRead.NOT_BY_LEASE : "old");
            assertThat(ClientRead.at(old, "x")).as("a read that begins now").isEqualTo(ClientRead.NOT_BY_LEASE);
        }
    }

    /**
     * LEASE.md 4, items 15 and 28: between two steps of a read its node learns that another one leads a later term, long before
     * the end of its lease. That term may commit at once, as its leader has proof that this one has stopped.
     */
    @Test
    void aReadIsOvertakenByALaterTerm() {
        for (int taken = 0; taken <= 5; taken++) {
            cluster = new Cluster(Tuning.of(3).leaseMillis(LEASE_MILLIS));
            TestNode old = leaderWithValue("old");
            Lease held = old.publishedLease();
            ClientRead read = ClientRead.begin(old, "x").take(taken);
            cluster.cut(0, 1);
            cluster.cut(0, 2);
            cluster.advanceUntil(c -> !old.isLeader(), LEASE_MILLIS / 2);
            cluster.healAll();
            write(successor(), "new");
            assertThat(old.now).as("the lease would go on").isLessThan(held.endNanos());
            assertThat(read.finish())
                    .as("overtaken after %d steps", taken)
                    .isEqualTo(taken < 5 ? ClientRead.NOT_BY_LEASE : "old");
        }
    }

    /**
     * LEASE.md 4, items 26 and 27: reads wait for a round when the leadership ends; the same node leads again, uses the numbers of
     * that round once more, and only then the answers to it arrive. They confirm nothing, neither for the old reads nor for new
     * ones.
     */
    @Test
    void answersToAnOldRoundArriveInALaterLeadership() {
        cluster = new Cluster(Tuning.of(3).electionMillis(400, 2_000));
        TestNode leader = leaderWithValue("old");
        cluster.hold(1, 0);
        cluster.hold(2, 0);
        long waiting = leader.read();
        cluster.settle();
        assertThat(leader.fate(waiting)).isEqualTo("WAITING");
        List<Cluster.Packet> oldAnswers = cluster.underWay();
        assertThat(oldAnswers).hasSize(2);
        cluster.isolate(0);
        cluster.advanceUntil(c -> !leader.isLeader(), 500);
        assertThat(leader.fate(waiting)).isEqualTo("NOT_LEADER");

        cluster.drop(packet -> true);
        cluster.healAll();
        cluster.elect(0);
        cluster.hold(1, 0);
        cluster.hold(2, 0);
        long again = leader.read();
        cluster.advanceMillis(250);
        oldAnswers.forEach(cluster::deliver);
        assertThat(leader.fate(waiting)).as("answered once").isEqualTo("NOT_LEADER");
        assertThat(leader.fate(again)).isEqualTo("WAITING");
        cluster.healAll();
        cluster.settle();
        assertThat(leader.fate(again)).isEqualTo("READY");
    }

    /**
     * LEASE.md 4, item 30: the assumption, shown. A leader's clock runs at half the speed of the others', and the bound says 1 %:
     * it reads by a lease that the others have seen run out. With a bound that covers its clock it does not; and a read that asks
     * a majority needs no clock at all.
     */
    @Test
    void aClockOutsideItsBoundReadsWhatIsStale() {
        for (double bound : new double[] {0.01, 0.5}) {
            cluster = new Cluster(Tuning.of(3).leaseMillis(LEASE_MILLIS).drift(bound));
            TestNode old = leaderWithValue("old");
            cluster.skew(0, 0.5).advanceMillis(100);
            cluster.isolate(0);
            write(successor(), "new");
            assertThat(ClientRead.at(old, "x"))
                    .as("bound %s", bound)
                    .isEqualTo(bound == 0.5 ? ClientRead.NOT_BY_LEASE : "old");
            long quorumRead = old.read();
            cluster.settle();
            assertThat(old.fate(quorumRead)).isNotEqualTo("READY");
        }
    }

    /**
     * LEASE.md 4, item 36: all processes are killed and start again, and their disks know less of what is committed than was
     * acknowledged. The next leader reads nothing before its state machine has caught up with all that.
     */
    @Test
    void aRestartedLeaderReadsOnlyWhatItHasReplayed() {
        Entry[] log = {Lines.noOp(0), Lines.set("x", "old", 0), Lines.set("x", "new", 0)};
        leaderWithValue("old");
        cluster.node(0).propose("x", "new");
        cluster.settle();
        cluster.favour(1);
        for (int id = 0; id < 3; id++) {
            cluster.crash(id);
            cluster.node(id).with(new HardState(0, 0, LEASE_MILLIS), 1, log);
            cluster.restart(id);
        }
        TestNode next = cluster.elect(1);
        assertThat(next.isLeased()).isTrue();
        assertThat(next.raft().commitIndex()).isEqualTo(4);
        for (long applied = 1; applied < 4; applied++) {
            assertThat(ClientRead.at(next, "x", applied))
                    .as("applied up to %d", applied)
                    .isEqualTo(ClientRead.NOT_BY_LEASE);
        }
        assertThat(ClientRead.at(next, "x", 4)).isEqualTo("new");
    }

    /** Node 0 leads term 0, is leased, and has acknowledged a value of x, which all know to be committed. */
    private TestNode leaderWithValue(String value) {
        TestNode leader = cluster.elect(0);
        write(leader, value);
        cluster.advanceMillis(50);
        assertThat(ClientRead.at(leader, "x")).isEqualTo(value);
        return leader;
    }

    /** Node 1 or 2 leads a later term. */
    private TestNode successor() {
        cluster.advanceUntil(c -> c.node(1).isLeader() || c.node(2).isLeader(), FOR_EVER_MILLIS);
        cluster.settle();
        return cluster.leader();
    }

    /** Writes x, and lets time pass until it is acknowledged. */
    private void write(TestNode leader, String value) {
        long write = leader.propose("x", value);
        cluster.advanceUntil(c -> leader.fate(write).equals("READY"), FOR_EVER_MILLIS);
    }
}
