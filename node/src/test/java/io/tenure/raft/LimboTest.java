package io.tenure.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What readers may use a lease for (LEASE.md, 3.6, 3.7 and 3.10): limbo, floor, {@code strictLease}, and life without a lease. */
final class LimboTest {
    private static final OldLease LEASE_OF_2 = new OldLease(2, 1, 0, 300);

    /** 3.6 and LEASE.md 4 #21: the keys of (commitIndex, lastIndex], "INCLUSIVE of the last old entry", and no others. */
    @Test
    void limboHoldsTheKeysOfUncommittedEntriesWithTheLast() {
        TestNode leader = ledWithOldEntries(Tuning.of(3));
        Lease lease = leader.usableLease();
        assertThat(lease.limbo().contains(Lines.hash("committed"))).isFalse();
        assertThat(lease.limbo().contains(Lines.hash("first"))).isTrue();
        assertThat(lease.limbo().contains(Lines.hash("last"))).isTrue();
        assertThat(lease.limbo().contains(Lines.hash("other"))).isFalse();
        assertThat(lease.limbo().contains(0)).as("a NO-OP's hash").isFalse();
    }

    /** DESIGN.md, D7: "more than 10,000 entries ... means all keys". */
    @Test
    void moreEntriesThanTheLimitMeanAllKeys() {
        assertThat(ledWithOldEntries(Tuning.of(3).limboKeysMax(3))
                        .usableLease()
                        .limbo()
                        .contains(Lines.hash("other")))
                .isFalse();
        assertThat(ledWithOldEntries(Tuning.of(3).limboKeysMax(2))
                        .usableLease()
                        .limbo()
                        .contains(Lines.hash("other")))
                .isTrue();
    }

    /** 3.10: "the new leader earns its own lease by one heartbeat round and reads all non-limbo keys although commit is deferred". */
    @Test
    void aWaitingLeaderIsLeasedWithTheFloorOfItsElection() {
        TestNode leader = ledWithOldEntries(Tuning.of(3));
        assertThat(leader.raft().commitIndex()).as("still waiting").isEqualTo(1);
        assertThat(leader.usableLease().readIndexFloor()).isEqualTo(1);
        assertThat(leader.usableLease().term()).isEqualTo(2);
    }

    /** 3.6: with the first entry of the own term committed "limboKeys={}", and the floor rises to it (3.7). */
    @Test
    void theOwnCommitEndsLimboAndRaisesTheFloor() {
        TestNode leader = ledWithOldEntries(Tuning.of(3));
        leader.advanceMillis(300);
        assertThat(leader.raft().commitIndex()).isEqualTo(5);
        assertThat(leader.usableLease().limbo().isEmpty()).isTrue();
        assertThat(leader.usableLease().readIndexFloor()).isEqualTo(5);
        assertThat(leader.appliedLines()).hasSize(5);
    }

    /** 3.7: own writes that are under way put no key into limbo; what they replace is still the latest acknowledged value. */
    @Test
    void ownWritesAreNotInLimbo() {
        TestNode leader = ledWithOldEntries(Tuning.of(3));
        leader.propose("other", "1");
        assertThat(leader.usableLease().limbo().contains(Lines.hash("other"))).isFalse();
        assertThat(leader.usableLease().limbo().contains(Lines.hash("last"))).isTrue();
    }

    /** 3.7: "Lapsed lease but still leader: writes need no lease for safety, reads fall back to ReadIndex". */
    @Test
    void withoutALeaseWritesGoOnAndReadsAskTheMajority() {
        TestNode leader = lapsed(Tuning.of(3));
        long write = leader.propose("x", "1");
        long read = leader.read();
        Peers.ackLast(leader, 1);
        assertThat(leader.fate(write)).isEqualTo("READY");
        assertThat(leader.fate(read)).isEqualTo("READY");
    }

    /** 3.7: {@code strictLease} "refuses both"; whether a repeated write was done stays unknown. */
    @Test
    void strictlyWithoutALeaseEverythingIsRefused() {
        TestNode leader = lapsed(Tuning.of(3).strict());
        assertThat(leader.fate(leader.propose("x", "1"))).isEqualTo("NO_LEASE");
        assertThat(leader.fate(leader.read())).isEqualTo("NO_LEASE");
        assertThat(leader.fate(leader.await(1))).isEqualTo("OUTCOME_UNKNOWN");
        assertThat(leader.lines()).containsExactly("NO-OP 0");
        Peers.ackLast(leader, 1);
        assertThat(leader.isLeased()).as("a new promise").isTrue();
        assertThat(leader.fate(leader.propose("x", "1"))).isEqualTo("WAITING");
        assertThat(leader.fate(leader.await(1))).isEqualTo("READY");
    }

    /**
     * 1.1: only after the old lease has run out "the node starts its lease timer, appends a NO-OP entry to the log, and sends
     * heartbeats"; until then it asks for no promise and serves nobody.
     */
    @Test
    void strictlyTheNoOpComesAfterTheWait() {
        TestNode leader = Peers.elect(TestNode.of(0, Tuning.of(3).strict()), 1, new OldLease(2, -1, 0, 300));
        assertThat(leader.eventKinds()).contains(Event.Kind.WAITING_FOR_OLD_LEASE);
        leader.advanceMillis(299);
        assertThat(leader.lines()).isEmpty();
        assertThat(leader.sentOf(Message.AppendEntry.class)).allMatch(append -> append.leaseMillis() == 0);
        assertThat(leader.fate(leader.propose("x", "1"))).isEqualTo("NO_LEASE");
        assertThat(leader.fate(leader.read())).isEqualTo("NO_LEASE");
        leader.sent.clear();
        leader.advanceMillis(1);
        assertThat(leader.lines()).containsExactly("NO-OP 0");
        Message.AppendEntry first = Peers.lastAppend(leader, 1);
        assertThat(first.leaseMillis()).isEqualTo(350);
        assertThat(first.entries()).hasSize(1);
        leader.receive(1, Peers.ack(first, 0, 1));
        assertThat(leader.isLeased()).as("before the NO-OP is committed").isFalse();
        leader.receive(1, Peers.ack(first));
        assertThat(leader.isLeased()).isTrue();
    }

    /** 1.1: without an old lease there is nothing to wait for, and proof of stop ends the wait early. */
    @Test
    void strictlyTheNoOpComesAtOnceWhenNothingIsOwed() {
        assertThat(Peers.elect(TestNode.of(0, Tuning.of(3).strict()), 1).lines())
                .containsExactly("NO-OP 0");
        TestNode leader = Peers.elect(TestNode.of(0, Tuning.of(3).strict()), 1, new OldLease(2, -1, 0, 300));
        leader.receive(2, Peers.vote(0, false));
        assertThat(leader.lines()).containsExactly("NO-OP 0");
    }

    /**
     * I2 and I4 with clocks as wrong as allowed: the old leader's slow by rho, the voters' fast by rho. Nothing is committed by
     * the new leader while the old one is leased.
     */
    @Test
    void noOwnTermCommitWhileAnOldLeaseIsValid() {
        for (boolean strict : new boolean[] {false, true}) {
            Tuning tuning = Tuning.of(3).leaseMillis(2_000).drift(0.1);
            Cluster cluster = new Cluster(strict ? tuning.strict() : tuning);
            cluster.skew(0, 0.9).skew(1, 1.1).skew(2, 1.1);
            TestNode old = cluster.elect(0);
            cluster.advanceMillis(500);
            cluster.isolate(0);
            cluster.advanceUntil(c -> c.node(1).isLeader() || c.node(2).isLeader(), 3_000);
            TestNode next = cluster.leader();
            assertThat(old.isLeased()).as("elected during the old lease").isTrue();
            long term = next.raft().currentTerm();
            while (old.isLeased()) {
                assertThat(next.isLeader()).isTrue();
                assertThat(next.applied).noneMatch(entry -> entry.term() == term);
                cluster.advanceMillis(1);
            }
            long lapsedAt = cluster.worldNanos();
            cluster.advanceUntil(c -> next.applied.stream().anyMatch(entry -> entry.term() == term), 1_000);
            assertThat(cluster.worldNanos() - lapsedAt).as("and not much later").isLessThan(Tuning.nanos(450));
        }
    }

    /** Leads term 2 with entries of term 1, one of them known committed; node 2 may hold a lease for 300 ms. */
    private static TestNode ledWithOldEntries(Tuning tuning) {
        TestNode leader = TestNode.of(0, tuning);
        leader.with(
                new HardState(1, -1, 0),
                1,
                Lines.set("committed", "1", 1),
                Lines.set("first", "1", 1),
                Lines.noOp(1),
                Lines.set("last", "1", 1));
        Peers.elect(leader, 1, LEASE_OF_2);
        Peers.ackLast(leader, 1);
        assertThat(leader.isLeased()).isTrue();
        return leader;
    }

    /** Leads term 0 with its NO-OP committed; the lease has run out, the leadership has not. */
    private static TestNode lapsed(Tuning tuning) {
        TestNode leader = Peers.elect(TestNode.of(0, tuning), 1);
        Peers.ackLast(leader, 1);
        leader.advanceMillis(349);
        assertThat(leader.isLeased()).isFalse();
        assertThat(leader.isLeader()).isTrue();
        return leader;
    }
}
