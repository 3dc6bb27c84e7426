package io.tenure.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A node that has forgotten what it voted for, promised and acknowledged (LEASE.md, 3.8 and 4 #39; {@link Rejoining}). */
final class RejoiningTest {
    private static final long LEASE_MILLIS_MAX = 2000;
    private static final EntryId LONG_LOG = new EntryId(9, 9);
    private static final Entry[] TERM_3 = {Lines.noOp(3), Lines.set("a", "1", 3)};

    private final TestNode node = TestNode.of(2, Tuning.of(3)).with(HardState.forgotten(LEASE_MILLIS_MAX), 0);

    @Test
    void noVoteAndNoPreVoteIsGivenAndItNeverStands() {
        answerAll(3);
        node.receive(0, Peers.requestPreVote(4, LONG_LOG));
        node.receive(0, Peers.requestVote(5, LONG_LOG));
        assertThat(node.takeSent(Message.RequestVoteReply.class))
                .hasSize(2)
                .noneMatch(Message.RequestVoteReply::granted);
        node.advanceMillis(10_000);
        assertThat(node.sentOf(Message.RequestVote.class)).noneMatch(request -> !request.preVote());
        assertThat(node.raft().role()).isEqualTo(Role.FOLLOWER);
        assertThat(node.raft().currentTerm()).isEqualTo(5);
        assertThat(node.durableHardState().votedFor()).isEqualTo(HardState.NO_VOTE);
    }

    @Test
    void leadersGetNoAnswerBeforeEveryOtherMemberHasToldItsTerm() {
        node.tick();
        assertThat(node.sentTo(0, Message.RequestVote.class)).hasSize(1);
        assertThat(node.sentTo(1, Message.RequestVote.class)).hasSize(1);
        node.receive(0, Peers.preVote(4, false));
        node.sent.clear();
        node.receive(0, append(3, 0));
        assertThat(node.sent).as("node 1 may know of a later term").isEmpty();
        assertThat(node.raft().log().lastIndex()).isZero();

        node.advanceMillis(1000);
        assertThat(node.sentTo(0, Message.RequestVote.class)).isEmpty();
        assertThat(node.sentTo(1, Message.RequestVote.class))
                .as("asked until it answers")
                .isNotEmpty();
        node.receive(1, Peers.preVote(6, false));
        node.receive(0, append(3, 0));
        assertThat(node.sentOf(Message.AppendEntryReply.class))
                .as("the leader of term 3 is over for a forgotten vote in term 5")
                .allMatch(reply -> reply.term() == 5 && !reply.success() && !reply.leaseGranted());
        node.receive(1, append(5, 0));
        assertThat(node.sentTo(1, Message.AppendEntryReply.class)).anyMatch(Message.AppendEntryReply::success);
    }

    @Test
    void itVotesAgainOnceItHasCaughtUpAndAllPromisesAreOver() {
        answerAll(3);
        node.receive(0, append(3, 2));
        assertThat(node.raft().isRejoining()).as("a promise may still last").isTrue();
        node.advanceMillis(LEASE_MILLIS_MAX - 1);
        node.receive(0, heartbeat(2));
        assertThat(node.raft().isRejoining()).isTrue();
        node.advanceMillis(1);
        node.receive(0, heartbeat(2));
        assertThat(node.raft().isRejoining()).isFalse();
        assertThat(node.durableHardState())
                .as("its promises since are shorter; and who got a vote of this term, nobody knows")
                .isEqualTo(new HardState(3, HardState.FORGOTTEN_VOTE, 350));
        assertThat(node.events).contains(new Event(Event.Kind.REJOINED, 2, 3));

        node.takeSent(Message.RequestVoteReply.class);
        node.receive(1, Peers.requestVote(3, LONG_LOG));
        node.receive(1, Peers.requestVote(4, LONG_LOG));
        assertThat(node.sentOf(Message.RequestVoteReply.class))
                .extracting(Message.RequestVoteReply::granted)
                .containsExactly(false, true);
    }

    @Test
    void anOldLeadersCommitIndexIsNotEnough() {
        answerAll(3);
        node.advanceMillis(LEASE_MILLIS_MAX);
        node.receive(0, append(3, 0));
        assertThat(node.raft().isRejoining())
                .as("nothing of its term is committed")
                .isTrue();
        node.receive(0, new Message.AppendEntry(3, EntryId.NONE, List.of(TERM_3), 9, 350, 0, 3));
        assertThat(node.raft().isRejoining())
                .as("9 entries are committed, 2 are here")
                .isTrue();
    }

    @Test
    void whatItCaughtUpWithIsDurableFirst() {
        answerAll(3);
        node.advanceMillis(LEASE_MILLIS_MAX);
        node.diskIsFast = false;
        node.receive(0, append(3, 1));
        assertThat(node.raft().isRejoining()).isTrue();
        node.forceAll();
        assertThat(node.raft().isRejoining()).isFalse();
        assertThat(node.durableHardState().rejoining()).isFalse();
    }

    @Test
    void aRestartBeginsAnew() {
        answerAll(3);
        node.receive(0, append(3, 1));
        node.advanceMillis(LEASE_MILLIS_MAX - 1);
        node.crash();
        node.boot(node.now);
        node.advanceMillis(1);
        node.receive(0, heartbeat(1));
        assertThat(node.sentOf(Message.AppendEntryReply.class))
                .as("nobody has told its term since")
                .isEmpty();
        answerAll(3);
        node.receive(0, heartbeat(1));
        assertThat(node.raft().isRejoining())
                .as("it promised in the life before, and remembers none of it")
                .isTrue();
        node.advanceMillis(LEASE_MILLIS_MAX);
        node.receive(0, heartbeat(1));
        assertThat(node.raft().isRejoining()).isFalse();
    }

    /** An acknowledgement is of what is durable now, in a term that no forgotten vote is later than. */
    @Test
    void whatItAcknowledgesAndPromisesMeanwhileCounts() {
        answerAll(3);
        node.receive(0, append(3, 0));
        List<Message.AppendEntryReply> replies = node.sentTo(0, Message.AppendEntryReply.class);
        assertThat(replies).anyMatch(reply -> reply.success() && reply.leaseGranted());
        assertThat(replies.get(replies.size() - 1).matchIndex()).isEqualTo(2);
    }

    /** LEASE.md 4 #39: "wipe(f) right after its ack": a leader that counts on it notices. */
    @Test
    void aLeaderForgetsWhatAFollowerHasLost() {
        TestNode leader = Peers.elect(TestNode.of(0, Tuning.of(3)), 1);
        Peers.ackLast(leader, 1);
        leader.propose("a", "1");
        Peers.ackLast(leader, 1);
        assertThat(leader.raft().commitIndex()).isEqualTo(2);
        Message.AppendEntry before = Peers.lastAppend(leader, 1);
        leader.advanceMillis(50);
        leader.receive(1, Peers.reject(before, EntryId.NONE));
        assertThat(leader.events)
                .as("an answer to an older message is only late")
                .noneMatch(RejoiningTest::isWentBack);
        Message.AppendEntry after = Peers.lastAppend(leader, 1);
        assertThat(after.prev().index()).isEqualTo(2);
        leader.receive(1, Peers.reject(after, EntryId.NONE));
        assertThat(leader.events).filteredOn(RejoiningTest::isWentBack).hasSize(1);

        leader.propose("b", "2");
        leader.receive(1, Peers.ack(Peers.append(leader.raft().currentTerm(), EntryId.NONE, 0), 0, 0));
        assertThat(leader.raft().commitIndex())
                .as("it counts from nothing again")
                .isEqualTo(2);
        Message.AppendEntry again = Peers.lastAppend(leader, 1);
        assertThat(again.prev()).isEqualTo(EntryId.NONE);
        leader.receive(1, Peers.ack(again));
        assertThat(leader.raft().commitIndex()).isEqualTo(3);
    }

    private static boolean isWentBack(Event event) {
        return event.kind() == Event.Kind.FOLLOWER_WENT_BACK && event.node() == 1;
    }

    private void answerAll(long term) {
        node.receive(0, Peers.preVote(term + 1, false));
        node.receive(1, Peers.preVote(term + 1, false));
        node.sent.clear();
    }

    private static Message.AppendEntry append(long term, long commit) {
        return new Message.AppendEntry(term, EntryId.NONE, List.of(TERM_3), commit, 350, 0, 1);
    }

    private static Message.AppendEntry heartbeat(long commit) {
        return new Message.AppendEntry(3, new EntryId(2, 3), List.of(), commit, 350, 0, 2);
    }
}
