package io.tenure.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Elections after a hint that the leader's process is gone (LEASE.md, 3.9): quick, and no less safe. */
final class HintTest {
    private static final long LEASE_MILLIS = 2_000;

    private final Cluster cluster = new Cluster(Tuning.of(3).leaseMillis(LEASE_MILLIS));
    private final TestNode dead = cluster.elect(0);

    private void hint(int... nodes) {
        for (int id : nodes) {
            cluster.node(id).turn(new Input.PeerGone(0));
        }
        cluster.settle();
    }

    @Test
    void whoSeesItsLeaderGoStandsWithin30Millis() {
        cluster.advanceMillis(10);
        cluster.crash(0);
        hint(1, 2);
        assertThat(cluster.node(1).raft().leader()).isEqualTo(Raft.NO_LEADER);
        cluster.advanceMillis(30);
        assertThat(cluster.leader()).isNotNull();
        assertThat(cluster.leader().raft().currentTerm())
                .as("without a split vote")
                .isEqualTo(1);
    }

    /** A hint is no proof: the commit waits for the lease. */
    @Test
    void theLeaseOfWhoSeemsToBeGoneIsWaitedFor() {
        cluster.advanceMillis(10);
        cluster.isolate(0);
        hint(1, 2);
        cluster.advanceMillis(30);
        TestNode next = cluster.leader();
        assertThat(next).isNotSameAs(dead);
        long write = next.propose("x", "1");
        cluster.settle();
        assertThat(dead.isLeased()).isTrue();
        assertThat(next.fate(write)).isEqualTo("WAITING");
    }

    @Test
    void itAsksAgainSoonForOthersMaySeeItLater() {
        cluster.advanceMillis(10);
        cluster.crash(0);
        hint(1);
        cluster.advanceMillis(30);
        assertThat(cluster.leader()).isNull();
        hint(2);
        cluster.advanceMillis(61);
        assertThat(cluster.leader()).isNotNull();
    }

    /** Votes have to be written, which may take longer than to ask: to stand again would make only more to be written. */
    @Test
    void aSlowDiskIsWaitedFor() {
        cluster.advanceMillis(10);
        cluster.crash(0);
        cluster.node(2).diskIsFast = false;
        hint(1, 2);
        cluster.advanceMillis(250);
        cluster.node(2).diskIsFast = true;
        cluster.node(2).turn();
        cluster.settle();
        assertThat(cluster.leader()).isNotNull();
        assertThat(cluster.leader().raft().currentTerm()).as("in one election").isEqualTo(1);
    }

    @Test
    void afterASplitVoteItStandsAgainSoon() {
        cluster.advanceMillis(10);
        cluster.crash(0);
        cluster.holdIf(packet -> true);
        hint(1, 2);
        cluster.advanceMillis(25);
        cluster.holdIf(packet -> packet.message() instanceof Message.RequestVote request && !request.preVote());
        cluster.settle();
        assertThat(cluster.node(1).raft().votedFor()).isEqualTo(1);
        assertThat(cluster.node(2).raft().votedFor()).isEqualTo(2);
        cluster.healAll();
        cluster.advanceMillis(60);
        assertThat(cluster.leader()).isNotNull();
    }

    /** Nobody is elected on the word of one, and the leader is followed as before. */
    @Test
    void aHintThatIsWrongDisturbsNobody() {
        cluster.advanceMillis(10);
        hint(1);
        cluster.advanceMillis(1_000);
        assertThat(dead.isLeader()).isTrue();
        assertThat(dead.raft().currentTerm()).isZero();
        assertThat(cluster.node(1).raft().leader()).isZero();
    }

    /** Alone with its hint, a node goes back to its usual pace. */
    @Test
    void hasteEnds() {
        cluster.advanceMillis(10);
        cluster.crash(0);
        cluster.isolate(1);
        hint(1);
        cluster.advanceMillis(1_000);
        assertThat(cluster.node(1).eventKinds().stream()
                        .filter(each -> each == Event.Kind.ELECTION_TIMEOUT)
                        .count())
                .isBetween(3L, 10L);
    }

    @Test
    void aHintAboutAnybodyElseIsNone() {
        cluster.node(1).turn(new Input.PeerGone(2));
        assertThat(cluster.node(1).raft().leader()).isZero();
        dead.turn(new Input.PeerGone(1));
        assertThat(dead.isLeader()).isTrue();
    }

    /** A leader that says itself that it leads no more is followed by nobody. */
    @Test
    void aLeaderThatResignsIsReplacedAtOnce() {
        dead.turn(new Input.LinkLost(1), new Input.LinkLost(2), new Input.Stop(Long.MAX_VALUE));
        cluster.settle();
        cluster.crash(0);
        cluster.advanceMillis(30);
        TestNode next = cluster.leader();
        assertThat(next).isNotNull();
        long write = next.propose("x", "1");
        cluster.settle();
        assertThat(next.fate(write)).isEqualTo("READY");
    }
}
