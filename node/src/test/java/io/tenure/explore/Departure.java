package io.tenure.explore;

import io.tenure.raft.HardState;
import io.tenure.raft.Message;
import io.tenure.raft.Role;
import io.tenure.sim.Violation;

/** What must be on disk when a message leaves (DESIGN.md, D2). */
final class Departure {
    private Departure() {}

    static void check(NodeRun node, int to, Message message) {
        HardState disk = node.hardState;
        if (message instanceof Message.RequestVote vote) {
            long term = vote.preVote() ? vote.term() - 1 : vote.term();
            boolean own = vote.preVote() || (disk.term() == term && disk.votedFor() == node.id) || disk.term() > term;
            require(own && disk.term() >= term, "VoteIsDurable", node, message);
            return;
        }
        require(disk.term() >= message.term(), "VoteIsDurable", node, message);
        if (message instanceof Message.RequestVoteReply reply && reply.granted() && !reply.preVote()) {
            boolean voted = disk.term() > reply.requestTerm() || disk.votedFor() == to;
            require(voted, "VoteIsDurable", node, message);
        } else if (message instanceof Message.AppendEntryReply reply) {
            require(
                    !reply.leaseGranted() || disk.leasePromisedMillisMax() >= node.scope.leaseMillis(),
                    "PromiseIsRemembered",
                    node,
                    message);
            long log = Entries.pack(node.raft.log());
            int match = (int) reply.matchIndex();
            boolean stored = Entries.prefix(log, match) == Entries.prefix(Entries.pack(node.platter), match)
                    && Entries.length(log) >= match;
            require(reply.term() < node.raft.currentTerm() || stored, "StoredIsDurable", node, message);
        }
        boolean sees = node.published != null
                && !(node.raft.role() == Role.LEADER && node.raft.currentTerm() == node.published.term());
        require(!sees, "LeasePublishedFirst", node, message);
    }

    private static void require(boolean holds, String invariant, NodeRun node, Message message) {
        if (!holds) {
            throw new Violation(
                    invariant,
                    "node " + node.id + " sends " + message + " with " + node.hardState + " and "
                            + Entries.toText(Entries.pack(node.platter)) + " on disk");
        }
    }
}
