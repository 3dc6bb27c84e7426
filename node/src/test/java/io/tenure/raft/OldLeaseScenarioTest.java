package io.tenure.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * What a new leader may have to wait for, however the promise behind it is hidden: by a restart, by other terms in between, by
 * a shorter lease, by a snapshot; and that none of it makes anybody wait who need not.
 */
final class OldLeaseScenarioTest {
    private static final long LEASE_MILLIS = 2_000;
    private static final long ELECTION_MIN_MILLIS = 400;
    private static final long ELECTION_MAX_MILLIS = 700;

    /**
     * LEASE.md 4, item 12: the leader keeps one follower, which is killed and back at once, having forgotten its promise; then it
     * helps to elect another leader. That one commits nothing while the first may read by its lease.
     */
    @Test
    void theOnlyVoterThatPromisedIsRestarted() {
        Cluster cluster = new Cluster(Tuning.of(3).leaseMillis(LEASE_MILLIS));
        TestNode old = cluster.elect(0);
        cluster.cutBoth(0, 2);
        cluster.advanceMillis(100);
        cluster.cutBoth(0, 1);
        cluster.crash(1);
        cluster.advanceMillis(2);
        cluster.restart(1);
        TestNode next = successorOf(cluster, old);
        assertThat(old.isLeased()).isTrue();
        assertCommitsOnlyAfterLeaseOf(cluster, old, next);
    }

    /**
     * LEASE.md 4, item 12, the other way round: a promise that nobody remembers must not keep a cluster from electing. After a
     * restart of everything a leader is there within an election timeout, and serves at once: either the longest promise has run
     * out by then, or all voters have answered, so that no holder is left.
     */
    @Test
    void aClusterThatWasRestartedIsNotKeptWaiting() {
        for (long leaseMillis : new long[] {350, LEASE_MILLIS}) {
            Cluster cluster = new Cluster(Tuning.of(3).leaseMillis(leaseMillis));
            boolean oneStaysDown = leaseMillis < ELECTION_MIN_MILLIS;
            for (TestNode node : cluster.nodes()) {
                cluster.crash(node.id);
                node.with(new HardState(0, HardState.NO_VOTE, leaseMillis), 1, Lines.noOp(0));
                cluster.crash(node.id);
            }
            for (int id = oneStaysDown ? 1 : 0; id < 3; id++) {
                cluster.restart(id);
            }
            cluster.advanceUntil(c -> c.leader() != null, ELECTION_MAX_MILLIS);
            cluster.settle();
            TestNode leader = cluster.leader();
            long write = leader.propose("x", "1");
            cluster.settle();
            assertThat(leader.fate(write)).as("lease of %d ms", leaseMillis).isEqualTo("READY");
        }
    }

    /**
     * LEASE.md 4, items 13 and 22: three leaders in quick succession, and the leases differ. A has a long one; C leads for a moment
     * with a short one, which comes later and ends sooner; B must wait for A.
     */
    @Test
    void aShortLeaseHidesNoLongerOneBeforeIt() {
        Tuning tuning = Tuning.of(5).leaseMillis(LEASE_MILLIS).leaseMillisOf(3, 120);
        Cluster cluster = new Cluster(tuning);
        TestNode a = cluster.elect(0);
        cluster.favour(3);
        cluster.advanceMillis(50);
        cluster.isolate(0);
        cluster.elect(3);
        cluster.favour(1);
        cluster.advanceMillis(50);
        assertThat(a.isLeased()).isTrue();
        cluster.isolate(3);
        TestNode b = cluster.elect(1);
        assertThat(cluster.node(3).isLeased()).isFalse();
        assertThat(a.isLeased()).isTrue();
        assertCommitsOnlyAfterLeaseOf(cluster, a, b);
    }

    /**
     * LEASE.md 4, item 19: between the promise and the election there is a later term that nobody won. The voter that entered it
     * still owes its promise, to itself as candidate.
     */
    @Test
    void aCandidacyInBetweenEndsNoPromise() {
        Cluster cluster = new Cluster(Tuning.of(3).leaseMillis(LEASE_MILLIS));
        cluster.cutBoth(0, 2);
        TestNode old = cluster.elect(0);
        cluster.advanceMillis(100);
        cluster.cutBoth(0, 1);
        cluster.node(1).receive(2, Peers.requestVote(7, EntryId.NONE));
        assertThat(cluster.node(1).events).last().isEqualTo(new Event(Event.Kind.VOTE_DENIED, 2, 7));
        TestNode next = cluster.elect(1);
        assertThat(next.raft().currentTerm()).isGreaterThan(7);
        assertCommitsOnlyAfterLeaseOf(cluster, old, next);
    }

    /** LEASE.md 4, item 22: nobody writes for ten leases; the lease is there all the time, and a lapsed one comes back as well. */
    @Test
    void anIdleLeaderIsLeasedAndBecomesLeasedAgain() {
        Cluster cluster = Cluster.of(3);
        TestNode leader = cluster.elect(0);
        for (int i = 0; i < 3_500; i++) {
            cluster.advanceMillis(1);
            assertThat(ClientRead.at(leader, "x")).isEqualTo(ClientRead.ABSENT);
        }
        cluster.hold(1, 0);
        cluster.hold(2, 0);
        cluster.advanceUntil(c -> !leader.isLeased(), 350);
        assertThat(ClientRead.at(leader, "x")).isEqualTo(ClientRead.NOT_BY_LEASE);
        assertThat(leader.isLeader()).isTrue();
        cluster.drop(packet -> true);
        cluster.healAll();
        leader.tick();
        long read = leader.read();
        cluster.settle();
        assertThat(leader.fate(read)).isEqualTo("READY");
        assertThat(ClientRead.at(leader, "x")).isEqualTo(ClientRead.ABSENT);
        assertThat(leader.lines()).as("without any write").hasSize(1);
    }

    /**
     * LEASE.md 4, items 22 and 34: the leader dies when its log and another one's are snapshots to the last entry, and nothing
     * else. Nothing that elections or leases need has gone with the entries.
     */
    @Test
    void aSnapshotThatEndsTheLogStopsNeitherElectionNorLease() {
        Cluster cluster = Cluster.of(3);
        TestNode first = cluster.elect(0);
        first.propose("x", "1");
        cluster.advanceMillis(100);
        cluster.node(0).compactTo(2);
        cluster.node(1).compactTo(2);
        cluster.crash(0);
        TestNode next = cluster.elect(1);
        cluster.settle();
        assertThat(next.isLeased()).isTrue();
        assertThat(next.raft().log().base()).isEqualTo(new EntryId(2, 0));
        assertThat(next.raft().commitIndex()).isEqualTo(3);
        assertThat(cluster.node(2).raft().log().last())
                .isEqualTo(next.raft().log().last());
        cluster.restart(0);
        cluster.advanceMillis(100);
        assertThat(cluster.node(0).raft().log().last())
                .isEqualTo(next.raft().log().last());
    }

    private static TestNode successorOf(Cluster cluster, TestNode old) {
        cluster.advanceUntil(c -> c.leader() != null && c.leader().id != old.id, 20 * ELECTION_MAX_MILLIS);
        return cluster.leader();
    }

    /** And not much later: the wait ends with the lease, but for the margin that the clocks need. */
    private static void assertCommitsOnlyAfterLeaseOf(Cluster cluster, TestNode old, TestNode next) {
        cluster.settle();
        assertThat(old.isLeased()).as("elected during the old lease").isTrue();
        long term = next.raft().currentTerm();
        long end = cluster.worldNanos() + Tuning.nanos(LEASE_MILLIS);
        while (old.isLeased()) {
            assertThat(next.applied).noneMatch(entry -> entry.term() == term);
            assertThat(cluster.worldNanos()).as("leases end").isLessThan(end);
            cluster.advanceMillis(1);
        }
        cluster.advanceUntil(c -> next.applied.stream().anyMatch(entry -> entry.term() == term), LEASE_MILLIS);
    }
}
