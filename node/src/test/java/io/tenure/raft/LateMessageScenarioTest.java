package io.tenure.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages of the same leader that overtake each other, or come without what goes with them. */
final class LateMessageScenarioTest {
    private static final long LEASE_MILLIS = 350;

    private final Cluster cluster = Cluster.of(3);

    /**
     * LEASE.md 4, item 4: a heartbeat, and an AppendEntry with the first of two entries, come after both entries were acknowledged.
     * The log does not get shorter, and no answer takes back what the leader counts on.
     */
    @Test
    void anOlderAppendEntryComesAfterALaterOneWasAcknowledged() {
        TestNode leader = cluster.elect(0);
        cluster.hold(0, 1);
        cluster.advanceMillis(60);
        leader.propose("x", "1");
        List<Cluster.Packet> older = cluster.underWay(0, 1);
        assertThat(older).as("a heartbeat and an entry").hasSizeGreaterThanOrEqualTo(2);
        cluster.holdIf(older::contains);
        cluster.release(0, 1);
        long write = leader.propose("x", "2");
        cluster.advanceMillis(100);
        assertThat(leader.fate(write)).isEqualTo("READY");
        TestNode follower = cluster.node(1);
        List<String> acknowledged = follower.durableLines();
        assertThat(acknowledged).endsWith("SET x 1 0", "SET x 2 0");

        cluster.cut(0, 2);
        for (Cluster.Packet late : older) {
            cluster.deliver(late);
            assertThat(follower.durableLines()).isEqualTo(acknowledged);
            assertThat(follower.sentOf(Message.AppendEntryReply.class)).isEmpty();
        }
        long next = leader.propose("x", "3");
        cluster.settle();
        assertThat(leader.fate(next)).isEqualTo("READY");
    }

    /**
     * LEASE.md 4, item 5: a follower holds entries of an old leader that nobody else has, as many as the new leader has committed.
     * All AppendEntries with entries are lost; heartbeats that name the commit index arrive. It commits nothing of its own tail.
     */
    @Test
    void heartbeatsCommitNothingOfATailThatDiffers() {
        TestNode old = cluster.elect(0);
        cluster.isolate(0);
        old.propose("x", "mine");
        old.propose("y", "mine");
        TestNode next = cluster.elect(1);
        next.propose("x", "theirs");
        cluster.settle();
        assertThat(next.raft().commitIndex()).isEqualTo(3);

        cluster.healAll();
        cluster.holdIf(packet -> packet.to() == 0
                && packet.message() instanceof Message.AppendEntry append
                && !append.entries().isEmpty());
        cluster.advanceMillis(1_000);
        assertThat(old.isLeader()).isFalse();
        assertThat(old.raft().currentTerm()).isEqualTo(next.raft().currentTerm());
        assertThat(old.appliedLines()).containsExactly("NO-OP 0");

        cluster.healAll();
        cluster.advanceMillis(100);
        assertThat(old.appliedLines()).isEqualTo(next.appliedLines()).contains("SET x theirs 1");
    }

    /**
     * LEASE.md 4, item 10: two heartbeats are under way to the only follower that is left; the second gets lost, and the answer to
     * the first comes late. The lease counts from the sending of the first.
     */
    @Test
    void theAnswerToTheFirstOfTwoHeartbeatsCountsForTheFirst() {
        TestNode leader = cluster.elect(0);
        cluster.crash(2);
        cluster.hold(0, 1);
        cluster.advanceMillis(50);
        Cluster.Packet first = cluster.underWay(0, 1).get(0);
        long firstSentNanos = leader.now;
        cluster.advanceMillis(200);
        assertThat(cluster.underWay(0, 1)).hasSizeGreaterThan(1);
        cluster.deliver(first);
        cluster.drop(packet -> packet.from() == 0);
        cluster.settle();

        assertThat(leader.isLeased()).isTrue();
        assertThat(leader.publishedLease().endNanos()).isLessThanOrEqualTo(firstSentNanos + Tuning.nanos(LEASE_MILLIS));
        cluster.advanceMillis(LEASE_MILLIS - 200);
        assertThat(leader.isLeased()).as("counted from the second, it would be").isFalse();
    }

    /**
     * LEASE.md 4, item 25: the NO-OP of a new leader reaches nobody. It does not know yet what its predecessor has acknowledged, so
     * a read that asks a majority waits, however often the majority answers.
     */
    @Test
    void aReadWaitsForTheNoOpOfItsLeader() {
        TestNode old = cluster.elect(0);
        cluster.holdIf(packet -> packet.from() == 0
                && packet.message() instanceof Message.AppendEntry append
                && append.leaderCommit() >= 2);
        long write = old.propose("x", "acknowledged");
        cluster.settle();
        assertThat(old.fate(write)).isEqualTo("READY");
        cluster.crash(0);
        cluster.drop(packet -> packet.from() == 0);
        cluster.holdIf(packet -> packet.message() instanceof Message.AppendEntry append
                && !append.entries().isEmpty());
        cluster.favour(1);
        cluster.advanceUntil(c -> c.node(1).isLeader(), 5_000);
        TestNode next = cluster.node(1);
        assertThat(next.raft().commitIndex()).as("it can't know").isEqualTo(1);

        long read = next.read();
        cluster.advanceMillis(300);
        assertThat(next.fate(read)).isEqualTo("WAITING");
        assertThat(ClientRead.at(next, "x")).isEqualTo(ClientRead.NOT_BY_LEASE);

        cluster.healAll();
        cluster.advanceMillis(LEASE_MILLIS);
        assertThat(next.fate(read)).isEqualTo("READY");
        assertThat(next.appliedLines()).contains("SET x acknowledged 0");
    }
}
