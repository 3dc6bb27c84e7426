package io.tenure.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Leadership on the move, and the lease that must neither outlive it nor hold it up (LEASE.md, 3.8). */
final class TransferScenarioTest {
    private static final long LEASE_MILLIS = 2_000;
    private static final long ELECTION_MIN_MILLIS = 400;

    /**
     * LEASE.md 4, item 17: the successor leads and commits at once, though the old leader's lease would have lasted for long; and
     * by the time it is asked to stand, nobody reads at the old leader any more.
     */
    @Test
    void theSuccessorCommitsAtOnceAndTheOldLeaderReadsNoMore() {
        Cluster cluster = new Cluster(Tuning.of(3).leaseMillis(LEASE_MILLIS));
        TestNode old = cluster.elect(0);
        old.propose("x", "old");
        cluster.settle();
        assertThat(old.isLeased()).isTrue();
        cluster.holdIf(packet -> packet.message() instanceof Message.TimeoutNow);
        old.turn(new Input.Transfer(77, 1, Long.MAX_VALUE));
        cluster.settle();
        assertThat(cluster.underWay(0, 1))
                .extracting(Cluster.Packet::message)
                .containsExactly(new Message.TimeoutNow(0, new Release(0, 0, 0)));
        assertThat(old.publishedLease()).isNull();
        assertThat(old.isLeader()).isTrue();

        cluster.healAll();
        // Neither its answers nor its vote prove that the old leader has stopped: its own word has to do.
        cluster.underWay(0, 1).forEach(packet -> {
            cluster.isolate(0);
            cluster.deliver(packet);
        });
        cluster.settle();

        TestNode next = cluster.node(1);
        assertThat(next.isLeader()).isTrue();
        long write = next.propose("x", "new");
        cluster.settle();
        assertThat(next.fate(write)).isEqualTo("READY");
        assertThat(next.eventKinds()).doesNotContain(Event.Kind.WAITING_FOR_OLD_LEASE, Event.Kind.ELECTION_TIMEOUT);
        assertThat(old.isLeased()).isFalse();

        cluster.healAll();
        cluster.advanceMillis(100);
        assertThat(old.fate(77)).isEqualTo("READY");
        assertThat(old.eventKinds()).contains(Event.Kind.STEPPING_DOWN);
        assertThat(old.appliedLines()).isEqualTo(next.appliedLines());
    }

    /**
     * LEASE.md 4, item 18: the word to the successor gets stuck, the transfer is given up, and the leader has earned a new lease
     * when the word arrives after all. It releases the old epoch only: the successor waits.
     */
    @Test
    void aLateWordReleasesNothingThatWasPromisedSince() {
        Cluster cluster = new Cluster(Tuning.of(3).leaseMillis(LEASE_MILLIS));
        TestNode old = cluster.elect(0);
        cluster.holdIf(packet -> packet.message() instanceof Message.TimeoutNow);
        old.turn(new Input.Transfer(77, 1, Long.MAX_VALUE));
        cluster.advanceMillis(ELECTION_MIN_MILLIS - 1);
        assertThat(old.fate(77)).isEqualTo("WAITING");
        assertThat(old.isLeased()).isFalse();
        cluster.advanceMillis(1 + 60);
        assertThat(old.fate(77)).isEqualTo("TRANSFER_ABORTED");
        assertThat(old.isLeader()).isTrue();
        assertThat(old.usableLease().epoch()).isEqualTo(1);

        List<Cluster.Packet> late = cluster.underWay(0, 1);
        cluster.isolate(0);
        cluster.deliver(late.get(0));
        cluster.healAll();
        cluster.isolate(0);
        cluster.settle();

        TestNode next = cluster.node(1);
        assertThat(next.isLeader()).isTrue();
        long write = next.propose("x", "1");
        cluster.settle();
        assertThat(next.eventKinds()).contains(Event.Kind.WAITING_FOR_OLD_LEASE);
        while (old.isLeased()) {
            assertThat(next.fate(write)).isEqualTo("WAITING");
            cluster.advanceMillis(1);
        }
        cluster.advanceMillis(LEASE_MILLIS);
        assertThat(next.fate(write)).isEqualTo("READY");
    }

    /** A voter remembers the word: what another voter still owes of the same epoch is void, and what is later is not. */
    @Test
    void aLeaderThatStopsWithoutASuccessorIsNotWaitedFor() {
        Cluster cluster = new Cluster(Tuning.of(5).leaseMillis(LEASE_MILLIS));
        TestNode old = cluster.elect(0);
        cluster.advanceMillis(100);
        for (int id = 1; id < 5; id++) {
            old.turn(new Input.LinkLost(id));
        }
        cluster.cut(0, 3);
        cluster.cut(0, 4);
        old.turn(new Input.Stop(Long.MAX_VALUE));
        assertThat(old.raft().hasResigned()).isTrue();
        assertThat(old.publishedLease()).isNull();
        cluster.settle();
        cluster.crash(0);

        TestNode next = cluster.elect(1);
        long write = next.propose("x", "1");
        cluster.settle();
        assertThat(next.fate(write)).isEqualTo("READY");
        assertThat(next.eventKinds()).doesNotContain(Event.Kind.WAITING_FOR_OLD_LEASE);
    }

    /** Proof of stop: once the old leader is back and answers in the new term, nobody waits for its lease (LEASE.md, 3.8). */
    @Test
    void anOldLeaderThatAnswersInTheNewTermIsWaitedForNoLonger() {
        Cluster cluster = new Cluster(Tuning.of(3).leaseMillis(LEASE_MILLIS));
        TestNode old = cluster.elect(0);
        cluster.advanceMillis(100);
        cluster.isolate(0);
        TestNode next = cluster.elect(1);
        long write = next.propose("x", "1");
        cluster.settle();
        assertThat(next.fate(write)).isEqualTo("WAITING");
        assertThat(old.isLeased()).isTrue();

        cluster.healAll();
        cluster.advanceMillis(51);

        assertThat(next.fate(write)).isEqualTo("READY");
        assertThat(old.isLeased()).isFalse();
    }
}
