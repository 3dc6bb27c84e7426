package io.tenure.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Transfers, stops and releases, one rule after the other (thesis, 3.10; LEASE.md, 3.8). */
final class HandoverTest {
    private static final long TICKET = 77;
    private static final long LEASE_MILLIS = 2_000;

    private final Cluster cluster = new Cluster(Tuning.of(3).leaseMillis(LEASE_MILLIS));
    private final TestNode leader = cluster.elect(0);

    private String transferTo(TestNode node, int target) {
        node.turn(new Input.Transfer(TICKET, target, Long.MAX_VALUE));
        return node.fate(TICKET);
    }

    @Test
    void whoLeadsAlreadyIsDone() {
        assertThat(transferTo(leader, 0)).isEqualTo("READY");
        assertThat(leader.raft().holdsRequests()).isFalse();
    }

    @Test
    void whoDoesNotLeadRefuses() {
        assertThat(transferTo(cluster.node(1), 2)).isEqualTo("NOT_LEADER");
    }

    @Test
    void aStrangerIsRefused() {
        assertThat(transferTo(leader, 7)).isEqualTo("TARGET_UNKNOWN");
    }

    @Test
    void whoHasNotAnsweredOfLateIsRefused() {
        cluster.isolate(2);
        cluster.advanceMillis(500);
        assertThat(transferTo(leader, 2)).isEqualTo("TARGET_SILENT");
    }

    @Test
    void whoLacksTooMuchIsRefused() {
        Cluster small = new Cluster(Tuning.of(3).logWindowBytesMax(64).inflightBytesMax(64));
        TestNode node = small.elect(0);
        // Answers, but what it is sent does not arrive.
        small.holdIf(packet -> packet.to() == 2
                && packet.message() instanceof Message.AppendEntry append
                && !append.entries().isEmpty());
        for (int i = 0; i < 20; i++) {
            node.propose("key" + i, "a value of some length");
            small.settle();
        }
        small.advanceMillis(60);
        assertThat(transferTo(node, 2)).isEqualTo("TARGET_BEHIND");
        node.turn(new Input.Transfer(TICKET + 1, Input.Transfer.ANY, Long.MAX_VALUE));
        small.settle();
        assertThat(small.node(1).isLeader()).isTrue();
    }

    @Test
    void oneAtATime() {
        cluster.hold(0, 1);
        assertThat(transferTo(leader, 1)).isEqualTo("WAITING");
        leader.turn(new Input.Transfer(TICKET + 1, 2, Long.MAX_VALUE));
        assertThat(leader.fate(TICKET + 1)).isEqualTo("TRANSFER_UNDER_WAY");
        assertThat(leader.raft().holdsRequests()).isTrue();
    }

    @Test
    void theTargetIsBroughtUpToDateBeforeItStandsAndNothingIsAppendedMeanwhile() {
        cluster.hold(0, 1);
        leader.propose("x", "1");
        cluster.settle();
        assertThat(transferTo(leader, 1)).isEqualTo("WAITING");
        cluster.settle();
        assertThat(leader.isLeased()).as("until the target has everything").isTrue();
        assertThat(leader.fate(leader.propose("x", "2"))).isEqualTo("BUSY");

        cluster.release(0, 1);
        cluster.settle();

        assertThat(cluster.node(1).isLeader()).isTrue();
        assertThat(leader.fate(TICKET)).isEqualTo("READY");
        assertThat(leader.raft().holdsRequests()).isFalse();
        assertThat(cluster.node(1).appliedLines()).contains("SET x 1 0").doesNotContain("SET x 2 0");
    }

    @Test
    void noPromiseIsAskedForOnceTheWordIsOut() {
        cluster.holdIf(packet -> packet.message() instanceof Message.TimeoutNow);
        transferTo(leader, 1);
        cluster.settle();
        leader.sent.clear();
        leader.advanceMillis(60);
        assertThat(leader.sentOf(Message.AppendEntry.class)).isNotEmpty().allMatch(append -> append.leaseMillis() == 0);
    }

    /** Promises given to messages of the old epoch may have been released: they count no more. */
    @Test
    void answersToTheOldEpochGiveNoLeaseInTheNewOne() {
        cluster.hold(1, 0);
        cluster.hold(2, 0);
        cluster.advanceMillis(55);
        cluster.holdIf(packet -> packet.message() instanceof Message.TimeoutNow);
        transferTo(leader, 1);
        leader.turn(new Input.LinkLost(1));
        assertThat(leader.fate(TICKET)).as("its word can't arrive").isEqualTo("TRANSFER_ABORTED");
        cluster.underWay(1, 0).forEach(cluster::deliver);
        cluster.underWay(2, 0).forEach(cluster::deliver);
        assertThat(leader.isLeased()).isFalse();

        cluster.drop(packet -> packet.message() instanceof Message.TimeoutNow);
        cluster.healAll();
        cluster.advanceMillis(60);
        assertThat(leader.usableLease().epoch()).isEqualTo(1);
    }

    /** Answers without promises keep a leader that hands over in office, and nothing else does. */
    @Test
    void aLeaderThatNobodyAnswersStepsDownInATransferToo() {
        Cluster short350 = Cluster.of(3);
        TestNode node = short350.elect(0);
        short350.holdIf(packet -> packet.message() instanceof Message.TimeoutNow);
        node.turn(new Input.Transfer(TICKET, 1, Long.MAX_VALUE));
        short350.advanceMillis(380);
        assertThat(node.isLeader()).as("a lease length after the last promise").isTrue();
        short350.advanceMillis(100);
        assertThat(node.isLeader()).as("after it was given up").isTrue();
        node.turn(new Input.Transfer(TICKET + 1, 1, Long.MAX_VALUE));
        short350.isolate(0);
        short350.advanceMillis(360);
        assertThat(node.isLeader()).isFalse();
        assertThat(node.raft().holdsRequests()).isTrue();
        short350.advanceMillis(401);
        assertThat(node.fate(TICKET + 1)).isEqualTo("TRANSFER_ASTRAY");
        assertThat(node.raft().holdsRequests()).isFalse();
    }

    @Test
    void aLeaderThatStopsHandsOver() {
        leader.turn(new Input.Stop(Long.MAX_VALUE));
        assertThat(leader.raft().hasResigned()).isFalse();
        cluster.settle();
        assertThat(leader.raft().hasResigned()).isTrue();
        assertThat(cluster.leader()).isNotSameAs(leader);
    }

    /** With a successor that does not take over, the lease is over before the word of it leaves. */
    @Test
    void aLeaderThatStopsGivesUpInTheEnd() {
        cluster.holdIf(packet -> packet.message() instanceof Message.TimeoutNow);
        leader.turn(new Input.Stop(Tuning.nanos(100)));
        cluster.advanceMillis(99);
        assertThat(leader.raft().hasResigned()).isFalse();
        cluster.hold(0, 1);
        cluster.hold(0, 2);
        cluster.advanceMillis(1);
        assertThat(leader.raft().hasResigned()).isTrue();
        assertThat(leader.publishedLease()).isNull();
        assertThat(cluster.underWay(0, 2))
                .extracting(Cluster.Packet::message)
                .contains(new Message.LeaseRelease(0, new Release(0, 0, 1)));
    }

    @Test
    void whoStopsStandsNoMore() {
        TestNode follower = cluster.node(1);
        follower.turn(new Input.Stop(Long.MAX_VALUE));
        assertThat(follower.raft().hasResigned()).isTrue();
        follower.receive(0, new Message.TimeoutNow(0, new Release(0, 0, 0)));
        follower.advanceMillis(2_000);
        assertThat(follower.raft().role()).isEqualTo(Role.FOLLOWER);
        assertThat(follower.raft().currentTerm()).isZero();
    }

    /** A word of a term that is over has nobody stand, and is true all the same. */
    @Test
    void aLateWordOfAnEarlierTermHasNobodyStand() {
        cluster.isolate(0);
        TestNode next = cluster.elect(1);
        TestNode follower = cluster.node(2);
        long term = follower.raft().currentTerm();
        follower.receive(0, new Message.TimeoutNow(0, new Release(0, 0, 0)));
        assertThat(follower.raft().currentTerm()).isEqualTo(term);
        assertThat(next.isLeader()).isTrue();
    }

    /** Boot release: nobody waits for the leases of a life that is over (LEASE.md, 3.8). */
    @Test
    void aNodeThatIsBackReleasesWhatItsEarlierLifeHeld() {
        cluster.advanceMillis(100);
        cluster.crash(0);
        TestNode next = cluster.elect(1);
        long write = next.propose("x", "1");
        cluster.settle();
        assertThat(next.fate(write)).isEqualTo("WAITING");

        cluster.isolate(0);
        cluster.restart(0);
        leader.turn(new Input.LinkUp(1));
        Message.LeaseRelease release =
                leader.sentTo(1, Message.LeaseRelease.class).get(0);
        assertThat(release.release()).isEqualTo(new Release(0, 0, Release.ALL_EPOCHS));
        next.receive(0, release);

        assertThat(next.fate(write)).isEqualTo("READY");
    }

    @Test
    void aNodeThatNeverLedReleasesNothing() {
        TestNode fresh = TestNode.of(1, Tuning.of(3));
        fresh.turn(new Input.LinkUp(0));
        assertThat(fresh.sentOf(Message.LeaseRelease.class)).isEmpty();
    }

    /** It can't tell in which terms it led. */
    @Test
    void aNodeThatHasForgottenReleasesNothing() {
        TestNode lost = TestNode.of(1, Tuning.of(3)).with(HardState.forgotten(LEASE_MILLIS), 0);
        lost.turn(new Input.LinkUp(0));
        assertThat(lost.sentOf(Message.LeaseRelease.class)).isEmpty();
    }

    @Test
    void aReleaseCoversItsEpochAndWhatCameBefore() {
        Release release = new Release(0, 5, 2);
        assertThat(release.covers(5, 2)).isTrue();
        assertThat(release.covers(4, 9)).isTrue();
        assertThat(release.covers(5, 3)).isFalse();
        assertThat(release.covers(6, 0)).isFalse();
    }

    @Test
    void theLatestReleaseCounts() {
        Releases releases = new Releases();
        releases.add(new Release(0, 5, 2));
        releases.add(new Release(0, 5, 1));
        releases.add(new Release(0, 4, Release.ALL_EPOCHS));
        assertThat(releases.cover(0, 5, 2)).isTrue();
        assertThat(releases.cover(1, 0, 0)).isFalse();
    }
}
