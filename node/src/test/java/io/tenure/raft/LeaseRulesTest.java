package io.tenure.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Lease rules of a candidate and leader (LEASE.md, 3.2 and 3.6): what it waits for, how long its own lease is, when it ends.
 * Those of voters are in {@link LeasePromiseTest}, of readers in {@link LimboTest}.
 */
final class LeaseRulesTest {
    private static final OldLease LEASE_OF_2 = new OldLease(2, -1, 0, 300);

    // The wait for old leases.

    /** 1.1 and 3.6: the wait is "the maximum of the old leader's lease timer (received ... and its own)": here a voter's. */
    @Test
    void theWaitIsTheLongestThatVotersTell() {
        TestNode leader = candidateOf5();
        leader.receive(1, Peers.vote(0, true, new OldLease(3, -1, 0, 120), new OldLease(4, -1, 0, 60)));
        leader.receive(2, Peers.vote(0, true, new OldLease(3, -1, 0, 90), new OldLease(4, -1, 0, 200)));
        assertThat(leader.eventKinds())
                .endsWith(Event.Kind.BECAME_LEADER, Event.Kind.WAITING_FOR_OLD_LEASE, Event.Kind.HEARTBEAT);
        assertCommitsAfter(leader, 200);
    }

    /** 3.6: the own promises count as a voter's. */
    @Test
    void theWaitCoversTheCandidatesOwnPromises() {
        TestNode leader = TestNode.of(0, Tuning.of(5).leaseMillis(900));
        leader.receive(3, Peers.heartbeat(0, 900, 1));
        Peers.elect(leader, 1, 2);
        assertThat(leader.now).as("elected 400 ms into the promise").isEqualTo(Tuning.nanos(1_400));
        assertCommitsAfter(leader, 500);
    }

    /** 3.6 and 3.12: the wait runs from when the reply is processed, "later is safer". */
    @Test
    void theWaitRunsFromTheProcessingOfTheReply() {
        TestNode leader = candidateOf5();
        leader.receive(1, Peers.vote(0, true, new OldLease(3, -1, 0, 120)));
        leader.advanceMillis(100);
        leader.receive(2, Peers.vote(0, true, new OldLease(3, -1, 0, 120)));
        assertCommitsAfter(leader, 120);
    }

    /** 3.6: a refusal is no vote, and its leases are not merged; only what a majority of votes tells is needed. */
    @Test
    void onlyVotesAddToTheWait() {
        TestNode leader = candidateOf5();
        leader.receive(3, Peers.vote(0, false, new OldLease(4, -1, 0, 5_000)));
        leader.receive(1, Peers.vote(0, true));
        leader.receive(2, Peers.vote(0, true, new OldLease(0, -1, 0, 5_000)));
        leader.receive(4, Peers.vote(0, true, new OldLease(3, -1, 0, 5_000)));
        assertThat(leader.eventKinds())
                .as("the own lease needs no wait")
                .doesNotContain(Event.Kind.WAITING_FOR_OLD_LEASE);
        acknowledgeOf5(leader);
        assertThat(leader.raft().commitIndex()).isEqualTo(1);
    }

    /** 3.6, proof of stop: the vote reply of the holder itself, granted or not, and in whatever order. */
    @Test
    void aVoteReplyProvesThatItsSenderHasStopped() {
        for (boolean granted : new boolean[] {true, false}) {
            for (boolean first : new boolean[] {true, false}) {
                TestNode leader = candidateOf5();
                if (first) {
                    leader.receive(3, Peers.vote(0, granted));
                }
                leader.receive(1, Peers.vote(0, true, new OldLease(3, -1, 0, 300)));
                leader.receive(2, Peers.vote(0, true, new OldLease(3, -1, 0, 300)));
                if (!first) {
                    leader.receive(3, Peers.vote(0, granted));
                }
                acknowledgeOf5(leader);
                assertThat(leader.raft().commitIndex())
                        .as("granted %s first %s", granted, first)
                        .isEqualTo(1);
            }
        }
    }

    /** 3.6, proof of stop: an answer to AppendEntry in this term. */
    @Test
    void anAppendReplyProvesThatItsSenderHasStopped() {
        TestNode leader = Peers.elect(three(), 1, LEASE_OF_2);
        Peers.ackLast(leader, 1);
        assertThat(leader.raft().commitIndex()).isZero();
        leader.receive(2, Peers.reject(Peers.lastAppend(leader, 2), EntryId.NONE));
        assertThat(leader.raft().commitIndex()).isEqualTo(1);
    }

    /** 3.6: "a PRE-vote reply proves nothing". */
    @Test
    void aPreVoteReplyProvesNothing() {
        TestNode leader = three();
        Peers.stand(leader, 2);
        leader.receive(2, Peers.preVote(0, true));
        leader.receive(1, Peers.vote(0, true, LEASE_OF_2));
        leader.receive(2, Peers.preVote(1, true));
        leader.receive(2, new Message.RequestVoteReply(-1, false, true, -1, List.of()));
        assertCommitsAfter(leader, 300);
    }

    /** 3.6: "'?' is dropped once heard == all voters". */
    @Test
    void theUnknownHolderIsDroppedOnceAllVotersAnswered() {
        TestNode leader = candidateOf5();
        leader.receive(1, Peers.vote(0, true, new OldLease(OldLease.UNKNOWN, -1, 0, 300)));
        leader.receive(2, Peers.vote(0, true));
        acknowledgeOf5(leader);
        leader.receive(3, Peers.vote(0, false));
        leader.tick();
        assertThat(leader.raft().commitIndex()).as("node 4 may be the holder").isZero();
        leader.receive(4, Peers.vote(0, false));
        assertThat(leader.raft().commitIndex()).isEqualTo(1);
    }

    /** 3.6: until then the unknown holder is waited for like any other; 3.8: the candidate's own restart counts as well. */
    @Test
    void theUnknownHolderIsWaitedFor() {
        TestNode leader = TestNode.of(0, Tuning.of(5).leaseMillis(900)).with(new HardState(-1, -1, 900), 0);
        Peers.elect(leader, 1, 2);
        assertCommitsAfter(leader, 500);
    }

    /** 3.6: "DEFERRED COMMIT: do not move, expose, apply, ack, or send a larger leaderCommit"; replication goes on. */
    @Test
    void whileItWaitsALeaderReplicatesButCommitsNothing() {
        TestNode leader = Peers.elect(three(), 1, LEASE_OF_2);
        Peers.ackLast(leader, 1);
        long ticket = leader.propose("x", "1");
        assertThat(Peers.lastAppend(leader, 1).entries()).hasSize(1);
        Peers.ackLast(leader, 1);
        leader.advanceMillis(299);
        assertThat(Peers.lastAppend(leader, 1).leaderCommit()).isZero();
        assertThat(leader.applied).isEmpty();
        assertThat(leader.fate(ticket)).isEqualTo("WAITING");
        leader.advanceMillis(1);
        assertThat(leader.fate(ticket)).as("without any further message").isEqualTo("READY");
        assertThat(leader.appliedLines()).containsExactly("NO-OP 0", "SET x 1 0");
    }

    /** The end of the wait is a time to wake up for; the next heartbeat would come 27 ms later. */
    @Test
    void theEndOfTheWaitWakesTheLeader() {
        TestNode leader = Peers.elect(three(), 1, new OldLease(2, -1, 0, 123));
        Peers.ackLast(leader, 1);
        leader.advanceMillis(123);
        assertThat(leader.raft().commitIndex()).isEqualTo(1);
    }

    /** LEASE.md 4 #13: A has a long lease, C led briefly with a short one; B must wait for A. */
    @Test
    void aChainOfThreeLeadersWaitsForTheFirst() {
        TestNode voter = TestNode.of(2, Tuning.of(5));
        voter.receive(0, Peers.heartbeat(1, 2_000, 1));
        voter.receive(3, Peers.heartbeat(2, 100, 1));
        voter.receive(1, Peers.requestVote(3, EntryId.NONE));
        TestNode leader = TestNode.of(1, Tuning.of(5)).with(new HardState(2, -1, 0), 0);
        Peers.stand(leader, 2, 4);
        leader.receive(2, voter.takeSent(Message.RequestVoteReply.class).get(0));
        leader.receive(4, Peers.vote(3, true));
        assertThat(leader.isLeader()).isTrue();
        acknowledgeOf5(leader);
        leader.receive(3, Peers.vote(3, true));
        assertThat(leader.raft().commitIndex()).as("3 has stopped, 0 has not").isZero();
        leader.receive(0, Peers.vote(3, true));
        assertThat(leader.raft().commitIndex()).isEqualTo(1);
    }

    // The own lease.

    /** 3.2: {@code l = floor(L * (1 - rho) / (1 + rho) - 2g)}. */
    @Test
    void theLeaseIsShortenedByDriftAndGranularity() {
        assertThat(Parameters.leaseNanos(350, 0)).isEqualTo(348_000_000);
        assertThat(Parameters.leaseNanos(350, 0.01)).isEqualTo(341_069_306);
        assertThat(Parameters.leaseNanos(8_000, 0.1)).isEqualTo(6_543_454_545L);
        assertThat(Parameters.leaseNanos(1, 0)).isNegative();
        for (double rho : new double[] {0, 0.001, 0.01, 0.1}) {
            double backed = 1_000_000_000.0 * (1 - rho) / (1 + rho);
            assertThat(Parameters.leaseNanos(1_000, rho)).isLessThanOrEqualTo((long) backed - 2_000_000);
        }
    }

    /** 3.1, 3.6 and LEASE.md 4 #9: the lease counts from the send time, not from the arrival of the answer. */
    @Test
    void theLeaseCountsFromTheSendTime() {
        TestNode leader = Peers.elect(three(), 1);
        long sentAt = leader.now;
        leader.advanceMillis(45);
        assertThat(leader.isLeased()).isFalse();
        Peers.ackLast(leader, 1);
        assertThat(leader.usableLease().endNanos()).isEqualTo(sentAt + leader.parameters.leaseNanos());
    }

    /** LEASE.md 4 #10: with two messages in flight, the answer to the first is no answer to the second. */
    @Test
    void theLeaseCountsFromTheMessageThatTheAnswerEchoes() {
        TestNode leader = Peers.elect(three(), 1);
        Message.AppendEntry first = Peers.lastAppend(leader, 1);
        long firstSentAt = leader.now;
        leader.advanceMillis(50);
        Message.AppendEntry second = Peers.lastAppend(leader, 1);
        long secondSentAt = leader.now;
        leader.receive(1, Peers.ack(first));
        assertThat(leader.usableLease().endNanos()).isEqualTo(firstSentAt + leader.parameters.leaseNanos());
        leader.receive(1, Peers.ack(second));
        leader.receive(1, Peers.ack(first));
        assertThat(leader.usableLease().endNanos()).isEqualTo(secondSentAt + leader.parameters.leaseNanos());
    }

    /** 3.6: "the (majority)-th largest" of the acknowledged send times, this node's own being now. */
    @Test
    void theLeaseCountsFromTheMajorityThNewestPromise() {
        TestNode leader = Peers.elect(TestNode.of(0, Tuning.of(5)), 1, 2);
        long firstRound = leader.now;
        Peers.ackLast(leader, 1);
        assertThat(leader.isLeased()).as("two of five").isFalse();
        Peers.ackLast(leader, 2);
        assertThat(leader.usableLease().endNanos()).isEqualTo(firstRound + leader.parameters.leaseNanos());
        leader.advanceMillis(50);
        Peers.ackLast(leader, 3);
        assertThat(leader.usableLease().endNanos()).isEqualTo(firstRound + leader.parameters.leaseNanos());
        Peers.ackLast(leader, 4);
        assertThat(leader.usableLease().endNanos())
                .isEqualTo(firstRound + Tuning.nanos(50) + leader.parameters.leaseNanos());
    }

    /** 3.5 and 3.6: an answer without a promise proves contact, not a lease. */
    @Test
    void anAnswerWithoutPromiseExtendsNothing() {
        TestNode leader = Peers.elect(three(), 1);
        leader.receive(1, Peers.ackWithoutPromise(Peers.lastAppend(leader, 1)));
        assertThat(leader.raft().commitIndex()).isEqualTo(1);
        assertThat(leader.isLeased()).isFalse();
        leader.receive(1, new Message.AppendEntryReply(0, 0, true, true, 1, 1, EntryId.NONE, false));
        leader.receive(1, new Message.AppendEntryReply(0, 99, true, true, 1, 1, EntryId.NONE, false));
        assertThat(leader.isLeased()).as("numbers that no message had").isFalse();
        TestNode early = new TestNode(0, Tuning.of(3), new Draw(0), Tuning.nanos(-10_000));
        Peers.elect(early, 1);
        early.receive(1, new Message.AppendEntryReply(0, 0, true, true, 1, 1, EntryId.NONE, false));
        assertThat(early.isLeased()).as("on a clock that is below zero").isFalse();
    }

    /** 3.6 tick: step down once {@code now - majority ackSend > L}; an idle lease runs out before. */
    @Test
    void aLeaderWithoutRenewalStepsDownAfterL() {
        TestNode leader = Peers.elect(three(), 1);
        Peers.ackLast(leader, 1);
        leader.advanceMillis(342);
        assertThat(leader.isLeased()).as("l has passed").isFalse();
        leader.advanceMillis(8);
        assertThat(leader.isLeader()).as("L has not").isTrue();
        leader.now += 1;
        leader.tick();
        assertThat(leader.isLeader()).isFalse();
        assertThat(leader.eventKinds()).endsWith(Event.Kind.LEASE_RENEWAL_FAILED, Event.Kind.STEPPING_DOWN);
        leader.sent.clear();
        leader.advanceMillis(60);
        assertThat(leader.sentOf(Message.AppendEntry.class)).as("no heartbeats").isEmpty();
    }

    /** 3.6 tick: {@code max(..., becameLeaderAt)}: a new leader has L to be heard. */
    @Test
    void aNewLeaderIsGivenLToBeHeard() {
        TestNode leader = Peers.elect(three(), 1);
        leader.advanceMillis(350);
        assertThat(leader.isLeader()).isTrue();
        leader.advanceMillis(1);
        assertThat(leader.isLeader()).isFalse();
    }

    /** 3.7: "Revoke = publish null before any step that lets another node lead": in the same turn as the later term. */
    @Test
    void aLaterTermRevokesTheLeaseInTheSameTurn() {
        TestNode leader = Peers.elect(three(), 1);
        Peers.ackLast(leader, 1);
        assertThat(leader.isLeased()).isTrue();
        leader.receive(2, Peers.requestVote(1, new EntryId(9, 0)));
        assertThat(leader.isLeased()).isFalse();
        assertThat(leader.sentTo(2, Message.RequestVoteReply.class)).hasSize(1);
    }

    /** D11: a leader whose oldest outstanding write is too old "gives up lease and leadership". */
    @Test
    void aLeaderWithAStalledDiskGivesUp() {
        TestNode leader = Peers.elect(TestNode.of(0, Tuning.of(3).leaseMillis(2_000)), 1);
        Peers.ackLast(leader, 1);
        leader.diskIsFast = false;
        leader.propose("x", "1");
        leader.takeWrite();
        leader.advanceMillis(300);
        Peers.ackLast(leader, 1);
        assertThat(leader.isLeased()).as("at the deadline").isTrue();
        leader.now += 1;
        Peers.ackLast(leader, 1);
        assertThat(leader.isLeased()).as("past it, even before the tick").isFalse();
        leader.tick();
        assertThat(leader.isLeader()).isFalse();
        assertThat(leader.isLeased()).isFalse();
        assertThat(leader.eventKinds())
                .endsWith(Event.Kind.STEPPING_DOWN)
                .doesNotContain(Event.Kind.LEASE_RENEWAL_FAILED);
    }

    /** 3.8: "majority = self ... lease always valid"; after a restart as well, as no other voter can hold a lease. */
    @Test
    void aSingleNodeIsAlwaysLeased() {
        TestNode node = TestNode.of(0, Tuning.of(1)).with(new HardState(0, 0, 350), 0, Lines.noOp(0));
        node.wake();
        assertThat(node.isLeader()).isTrue();
        assertThat(node.raft().commitIndex()).as("no wait").isEqualTo(2);
        for (int i = 0; i < 100; i++) {
            node.advanceMillis(33);
            assertThat(node.isLeased()).isTrue();
        }
        long read = node.read();
        assertThat(node.fate(read)).isEqualTo("READY");
    }

    private static TestNode three() {
        return TestNode.of(0, Tuning.of(3));
    }

    private static TestNode candidateOf5() {
        TestNode node = TestNode.of(0, Tuning.of(5));
        Peers.stand(node, 1, 2);
        assertThat(node.raft().currentTerm()).isZero();
        return node;
    }

    /** Nodes 1 and 2, or 2 and 4, store what they were sent: a majority, and none of them a holder. */
    private static void acknowledgeOf5(TestNode leader) {
        Peers.ackLast(leader, leader.id == 1 ? 4 : 1);
        Peers.ackLast(leader, 2);
    }

    private static void assertCommitsAfter(TestNode leader, long millis) {
        assertThat(leader.isLeader()).isTrue();
        Peers.ackLast(leader, 1);
        if (leader.parameters.voters().size() > 3) {
            Peers.ackLast(leader, 2);
        }
        leader.advanceMillis(millis - 1);
        assertThat(leader.raft().commitIndex()).as("before %d ms", millis).isZero();
        leader.now += Tuning.nanos(1) - 1;
        leader.tick();
        assertThat(leader.raft().commitIndex())
                .as("a nanosecond before %d ms", millis)
                .isZero();
        leader.now += 1;
        leader.tick();
        assertThat(leader.raft().commitIndex()).as("after %d ms", millis).isEqualTo(1);
    }
}
