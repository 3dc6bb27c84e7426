package io.tenure.raft;

import java.util.List;

/** What peers that do not exist would say: for tests that script a single node. */
final class Peers {
    private Peers() {}

    static Message.RequestVoteReply preVote(long termToStandFor, boolean granted) {
        return new Message.RequestVoteReply(termToStandFor - 1, true, granted, termToStandFor, List.of());
    }

    static Message.RequestVoteReply vote(long term, boolean granted, OldLease... oldLeases) {
        return new Message.RequestVoteReply(term, false, granted, term, List.of(oldLeases));
    }

    static Message.RequestVote requestVote(long term, EntryId last) {
        return new Message.RequestVote(term, false, last);
    }

    static Message.RequestVote requestPreVote(long term, EntryId last) {
        return new Message.RequestVote(term, true, last);
    }

    /** An AppendEntry that asks for no lease. */
    static Message.AppendEntry append(long term, EntryId prev, long leaderCommit, Entry... entries) {
        return new Message.AppendEntry(term, prev, List.of(entries), leaderCommit, 0, 0, 1);
    }

    /** A heartbeat that asks for a promise. */
    static Message.AppendEntry heartbeat(long term, long leaseMillis, long seq) {
        return new Message.AppendEntry(term, EntryId.NONE, List.of(), 0, leaseMillis, 0, seq);
    }

    /** All of it has arrived and is durable, and the promise is made. */
    static Message.AppendEntryReply ack(Message.AppendEntry append) {
        long last = append.prev().index() + append.entries().size();
        return ack(append, last, last);
    }

    static Message.AppendEntryReply ack(Message.AppendEntry append, long matchIndex, long receivedIndex) {
        return new Message.AppendEntryReply(
                append.term(),
                append.seq(),
                append.leaseMillis() > 0,
                true,
                matchIndex,
                receivedIndex,
                EntryId.NONE,
                false);
    }

    static Message.AppendEntryReply ackWithoutPromise(Message.AppendEntry append) {
        Message.AppendEntryReply ack = ack(append);
        return new Message.AppendEntryReply(
                ack.term(), ack.seq(), false, true, ack.matchIndex(), ack.receivedIndex(), EntryId.NONE, false);
    }

    static Message.AppendEntryReply reject(Message.AppendEntry append, EntryId hint) {
        return new Message.AppendEntryReply(
                append.term(), append.seq(), append.leaseMillis() > 0, false, 0, 0, hint, false);
    }

    /** Elects {@code node} of three in the next term by {@code voter}, whose reply carries {@code oldLeases}. */
    static TestNode elect(TestNode node, int voter, OldLease... oldLeases) {
        stand(node, voter);
        node.receive(voter, vote(node.raft().currentTerm(), true, oldLeases));
        return leading(node);
    }

    /** Elects {@code node} of five in the next term by two voters. */
    static TestNode elect(TestNode node, int voter, int otherVoter) {
        stand(node, voter, otherVoter);
        node.receive(voter, vote(node.raft().currentTerm(), true));
        node.receive(otherVoter, vote(node.raft().currentTerm(), true));
        return leading(node);
    }

    private static TestNode leading(TestNode node) {
        if (!node.isLeader()) {
            throw new AssertionError("not elected: " + node.raft().role());
        }
        return node;
    }

    /** Makes {@code node} a candidate of the next term, the voters having agreed in the pre-vote. */
    static TestNode stand(TestNode node, int... voters) {
        node.wake();
        long term = node.raft().currentTerm() + 1;
        for (int voter : voters) {
            node.receive(voter, preVote(term, true));
        }
        return node;
    }

    /** The last AppendEntry that {@code leader} sent to {@code peer}. */
    static Message.AppendEntry lastAppend(TestNode leader, int peer) {
        List<Message.AppendEntry> sent = leader.sentTo(peer, Message.AppendEntry.class);
        return sent.get(sent.size() - 1);
    }

    /** {@code peer} acknowledges the last thing it was sent. */
    static void ackLast(TestNode leader, int peer) {
        leader.receive(peer, ack(lastAppend(leader, peer)));
    }
}
