package io.tenure.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Corners of elections that the paper leaves to the reader; its own rules are in {@link PaperTest}. */
final class ElectionTest {

    /** A vote that comes after its election was given up says nothing about whether a new one would have a chance. */
    @Test
    void aLateVoteIsNotCountedAsPreVote() {
        TestNode node = Peers.stand(TestNode.of(0, Tuning.of(5)), 1);
        assertThat(node.raft().role()).isEqualTo(Role.CANDIDATE);
        node.receive(1, Peers.preVote(0, true));
        node.receive(2, Peers.preVote(0, true));
        assertThat(node.raft().currentTerm()).isZero();
        node.wake();
        node.sent.clear();
        node.receive(1, Peers.vote(0, true));
        node.receive(2, Peers.vote(0, true));
        node.receive(3, Peers.preVote(1, false));
        assertThat(node.raft().currentTerm()).as("no election").isZero();
        node.receive(3, Peers.preVote(1, true));
        assertThat(node.raft().currentTerm()).as("two of five").isZero();
        node.receive(4, Peers.preVote(1, true));
        assertThat(node.raft().currentTerm()).isEqualTo(1);
    }

    /** Asking for pre-votes changes nothing (thesis, 9.6), so it does not take away the vote of this term either. */
    @Test
    void whoAsksForPreVotesStillVotes() {
        TestNode node = TestNode.of(0, Tuning.of(3));
        node.receive(1, Peers.append(4, EntryId.NONE, 0));
        node.wake();
        assertThat(node.raft().role()).isEqualTo(Role.CANDIDATE);
        node.receive(2, Peers.requestVote(4, EntryId.NONE));
        assertThat(node.takeSent(Message.RequestVoteReply.class))
                .extracting(Message.RequestVoteReply::granted)
                .containsExactly(true);
        assertThat(node.raft().role()).isEqualTo(Role.FOLLOWER);
        assertThat(node.raft().votedFor()).isEqualTo(2);
        node.receive(1, Peers.requestVote(4, EntryId.NONE));
        assertThat(node.takeSent(Message.RequestVoteReply.class))
                .extracting(Message.RequestVoteReply::granted)
                .containsExactly(false);
    }

    /** LEASE.md 3.12, I9: a leader whom no majority answers is one no longer, also while it waits for an old lease. */
    @Test
    void aStrictLeaderWithoutAnswersStepsDownWhileItWaits() {
        TestNode leader = Peers.elect(TestNode.of(0, Tuning.of(3).strict()), 1, new OldLease(2, -1, 0, 10_000));
        leader.advanceMillis(300);
        Peers.ackLast(leader, 1);
        leader.advanceMillis(300);
        assertThat(leader.isLeader()).as("answered 300 ms ago").isTrue();
        leader.advanceMillis(60);
        assertThat(leader.isLeader()).isFalse();
        assertThat(leader.eventKinds()).endsWith(Event.Kind.LEASE_RENEWAL_FAILED, Event.Kind.STEPPING_DOWN);
    }

    /**
     * The journal writes entries before the hard state, and may die in between. Whoever holds an entry of a term is in it,
     * without having voted there: a vote would have been on disk before it left.
     */
    @Test
    void aTermThatOnlyTheLogKnowsIsEnteredAtStart() {
        TestNode node = TestNode.of(0, Tuning.of(3));
        node.with(new HardState(1, 2, 350), 0, Lines.noOp(1), Lines.noOp(2));
        assertThat(node.raft().currentTerm()).isEqualTo(2);
        assertThat(node.raft().votedFor()).isEqualTo(HardState.NO_VOTE);
        assertThat(node.raft().leasePromisedMillisMax()).isEqualTo(350);
        node.diskIsFast = false;
        node.receive(1, Peers.append(1, EntryId.NONE, 0));
        assertThat(node.sent).as("the term is not on disk yet").isEmpty();
        node.forceAll();
        assertThat(node.durableHardState()).isEqualTo(new HardState(2, HardState.NO_VOTE, 350));
        assertThat(node.sentOf(Message.AppendEntryReply.class))
                .extracting(Message::term)
                .containsExactly(2L);
    }

    /** DESIGN.md, D8: a disk that does not answer costs messages, which Raft tolerates, not memory. */
    @Test
    void repliesThatWaitForAStalledDiskAreLimited() {
        TestNode node = TestNode.of(0, Tuning.of(3));
        node.diskIsFast = false;
        for (int i = 0; i < 10_000; i++) {
            node.receive(1, Peers.heartbeat(1, 350, i));
        }
        node.forceAll();
        List<Message.AppendEntryReply> replies = node.sentOf(Message.AppendEntryReply.class);
        assertThat(replies).hasSizeBetween(1, 1024);
    }

    /** LEASE.md 4, #38: granting a vote gives its receiver the time to win; refusing one does not. */
    @Test
    void onlyAGrantedVoteResetsTheTimer() {
        TestNode voter = TestNode.of(0, Tuning.of(3)).with(new HardState(1, -1, 0), 0, Lines.noOp(1));
        voter.now += Tuning.nanos(300);
        voter.receive(1, Peers.requestVote(2, EntryId.NONE));
        assertThat(voter.raft().wakeAtNanos() - voter.now).isEqualTo(Tuning.nanos(100));
        voter.receive(2, Peers.requestVote(2, new EntryId(1, 1)));
        assertThat(voter.raft().wakeAtNanos() - voter.now).isEqualTo(Tuning.nanos(400));
    }

    /** LEASE.md 4, #5: what was found equal to one leader's log says nothing about the next one's. */
    @Test
    void aNewLeadersCommitIndexDoesNotReachEntriesOfTheOldOne() {
        TestNode node = TestNode.of(0, Tuning.of(3));
        node.receive(1, Peers.append(1, EntryId.NONE, 0, Lines.noOp(1), Lines.set("a", "old", 1)));
        node.receive(2, Peers.append(2, new EntryId(1, 1), 2));
        assertThat(node.appliedLines()).containsExactly("NO-OP 1");
        assertThat(node.takeSent(Message.AppendEntryReply.class))
                .last()
                .returns(1L, Message.AppendEntryReply::receivedIndex);
    }

    /** LEASE.md 4, #37: an answer to an earlier leadership of the same node counts for nothing in the next. */
    @Test
    void answersToAnEarlierLeadershipCountForNothing() {
        TestNode leader = Peers.elect(TestNode.of(0, Tuning.of(3)), 1);
        leader.propose("a", "1");
        leader.receive(2, Peers.requestVote(1, EntryId.NONE));
        leader.advanceMillis(400);
        leader.receive(1, Peers.preVote(2, true));
        leader.receive(1, Peers.vote(2, true, new OldLease(2, 1, 0, 300)));
        assertThat(leader.isLeader()).isTrue();
        leader.receive(2, new Message.AppendEntryReply(0, 1, true, true, 3, 3, EntryId.NONE, false));
        leader.receive(1, new Message.AppendEntryReply(0, 1, true, true, 3, 3, EntryId.NONE, false));
        assertThat(leader.isLeased()).isFalse();
        leader.advanceMillis(300);
        assertThat(leader.raft().commitIndex()).as("no match either").isZero();
    }

    /** DESIGN.md, D2: the own vote counts once its own write is durable, not when an earlier one is. */
    @Test
    void theOwnVoteCountsOnceItIsDurableItself() {
        Tuning tuning = Tuning.of(1);
        tuning.diskDeadlineMillis = 1_000;
        TestNode node = TestNode.of(0, tuning).with(new HardState(1, -1, 0), 0, Lines.noOp(2));
        node.diskIsFast = false;
        node.takeWrite();
        node.wake();
        assertThat(node.raft().currentTerm()).isEqualTo(3);
        node.force();
        assertThat(node.durableHardState().term()).isEqualTo(2);
        assertThat(node.isLeader()).isFalse();
        node.force();
        assertThat(node.isLeader()).isTrue();
    }
}
