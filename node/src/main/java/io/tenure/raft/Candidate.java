package io.tenure.raft;

import java.util.HashSet;
import java.util.Set;

/**
 * Asks for votes: first in a pre-vote, which changes nothing anywhere (thesis, 9.6), then in earnest in a new term. While
 * votes come in it collects what old leases the voters know of (LEASE.md, 3.6); elections never wait for a lease.
 */
final class Candidate implements RoleState {
    private final NodeState node;
    private final boolean preVote;
    private long deadlineNanos;
    private final Set<Integer> votes = new HashSet<>();
    private final Set<Integer> denials = new HashSet<>();
    private final OldLeaseWait wait;

    private Candidate(NodeState node, boolean preVote) {
        this.node = node;
        this.preVote = preVote;
        this.deadlineNanos = node.now + node.drawCandidacyNanos(preVote);
        this.wait = new OldLeaseWait(node.self(), node.parameters.voters(), node.releases);
    }

    /** Asks whether an election would have a chance. */
    static Candidate inPreVote(NodeState node) {
        Candidate candidate = new Candidate(node, true);
        candidate.votes.add(node.self());
        node.sendToPeers(new Message.RequestVote(node.term() + 1, true, node.log.last()));
        return candidate;
    }

    /**
     * Stands for election in a new term; the requests leave once term and own vote are durable (DESIGN.md, D2).
     *
     * @param release of the leader that asked this node to stand; null if none did
     */
    static Candidate inElection(NodeState node, Release release) {
        node.enterTerm(node.term() + 1);
        node.voteFor(node.self());
        Candidate candidate = new Candidate(node, false);
        candidate.wait.merge(node.now, node.promises.remaining(node.now));
        node.sendToPeers(new Message.RequestVote(node.term(), false, node.log.last(), release));
        return candidate;
    }

    @Override
    public Role role() {
        return Role.CANDIDATE;
    }

    @Override
    public long wakeAtNanos() {
        return deadlineNanos;
    }

    boolean isPreVote() {
        return preVote;
    }

    boolean isTimedOut() {
        return node.now - deadlineNanos >= 0;
    }

    /** What the new leader must wait for. */
    OldLeaseWait oldLeaseWait() {
        return wait;
    }

    /** Counts a pre-vote; whether a majority would vote. */
    boolean onPreVoteReply(int from, Message.RequestVoteReply reply) {
        if (preVote && reply.granted() && reply.requestTerm() == node.term() + 1) {
            votes.add(from);
        }
        return preVote && hasMajority();
    }

    /** Counts a vote of this term; whether a majority has voted. The answer itself proves its sender's lease stopped. */
    boolean onVoteReply(int from, Message.RequestVoteReply reply) {
        if (preVote) {
            return false; // of an election that this node has given up
        }
        wait.heardFrom(from);
        if (reply.granted()) {
            wait.merge(node.now, reply.oldLeases());
            votes.add(from);
        } else {
            onDenied(from);
        }
        return hasMajority();
    }

    /** With a leader gone that has no vote to give, it may be clear that there is nothing to wait for. */
    private void onDenied(int from) {
        denials.add(from);
        int voters = node.parameters.voters().size();
        int absent = 1;
        if (voters - denials.size() - absent < Quorum.majority(voters)) {
            deadlineNanos = Math.min(deadlineNanos, node.now + node.haste.drawRetryNanos());
        }
    }

    /** Counts the own vote once it is durable; whether a majority has voted. */
    boolean onPersisted() {
        if (!preVote && node.durability.isHardStateDurable()) {
            votes.add(node.self());
        }
        return !preVote && hasMajority();
    }

    /** Whether this node alone is a majority, so that there is nobody to ask. */
    boolean hasMajority() {
        return votes.size() >= Quorum.majority(node.parameters.voters().size());
    }
}
