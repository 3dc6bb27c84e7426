package io.tenure.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Followers learn soon of what is committed, so that little is in limbo if their leader goes (LEASE.md, 3.10). */
final class CommitNoticeTest {
    private final Cluster cluster = Cluster.of(3);
    private final TestNode leader = cluster.elect(0);

    private void write(String key) {
        leader.propose(key, "1");
        cluster.settle();
    }

    private static boolean isEmpty(Cluster.Packet packet) {
        return packet.message() instanceof Message.AppendEntry append
                && append.entries().isEmpty();
    }

    @Test
    void aCommitThatNothingFollowsIsToldAllTheSame() {
        cluster.advanceMillis(5);
        write("x");
        long index = leader.raft().log().lastIndex();
        assertThat(leader.raft().commitIndex()).isEqualTo(index);
        assertThat(cluster.node(1).raft().commitIndex()).isLessThan(index);
        cluster.advanceMillis(2);
        assertThat(cluster.node(1).raft().commitIndex()).isEqualTo(index);
        assertThat(cluster.node(2).raft().commitIndex()).isEqualTo(index);
    }

    @Test
    void onceToldItIsNotToldAgain() {
        cluster.advanceMillis(5);
        write("x");
        cluster.hold(0, 1);
        cluster.advanceMillis(20);
        assertThat(cluster.underWay(0, 1)).hasSize(1).allMatch(CommitNoticeTest::isEmpty);
    }

    @Test
    void entriesThatFollowCarryIt() {
        cluster.advanceMillis(5);
        cluster.hold(0, 1);
        for (int i = 0; i < 20; i++) {
            write("x" + i);
            cluster.advanceMillis(1);
        }
        assertThat(cluster.underWay(0, 1)).hasSize(20).noneMatch(CommitNoticeTest::isEmpty);
    }

    @Test
    void whoHasNoLinkIsNotTold() {
        cluster.advanceMillis(5);
        leader.turn(new Input.LinkLost(1));
        cluster.hold(0, 1);
        write("x");
        cluster.advanceMillis(20);
        assertThat(cluster.underWay(0, 1)).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void theNextLeaderHoldsNothingInLimboThatWasCommittedForLong() {
        cluster.advanceMillis(5);
        write("x");
        cluster.advanceMillis(3);
        write("y");
        cluster.crash(0);
        cluster.node(1).turn(new Input.PeerGone(0));
        cluster.node(2).turn(new Input.PeerGone(0));
        cluster.advanceMillis(30);
        Lease.Limbo limbo = cluster.leader().raft().lease().limbo();
        assertThat(limbo.contains(Lines.set("x", "1", 0).keyHash())).isFalse();
        assertThat(limbo.contains(Lines.set("y", "1", 0).keyHash())).isTrue();
    }
}
