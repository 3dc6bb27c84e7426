package io.tenure.raft;

import java.util.List;

/** When this node stands, when it gives its vote, and what it tells with it (paper, 5.2 and 5.4.1; LEASE.md, 3.5 and 3.9). */
final class Elections {
    private final Raft raft;
    private final NodeState node;
    private final Handover handover;
    private boolean hasHeard;
    private long lastHeardNanos;

    Elections(Raft raft, NodeState node, Handover handover) {
        this.raft = raft;
        this.node = node;
        this.handover = handover;
    }

    /** The leader of this term was heard of. */
    void onLeaderHeard() {
        hasHeard = true;
        lastHeardNanos = node.now;
        node.haste.end();
    }

    /**
     * A peer leads no longer, or so it seems. If it led, nobody is kept from standing, this node not either, and it stands soon
     * (LEASE.md, 3.9). Leases are waited for all the same.
     */
    void onPeerGone(int peer) {
        if (peer != node.leader || raft.leading() != null) {
            return;
        }
        hasHeard = false;
        node.leader = Raft.NO_LEADER;
        if (raft.roleState() instanceof Follower follower && !node.diskFull) {
            node.haste.begin(peer);
            follower.stand(node.haste.drawFirstNanos());
        }
    }

    void onRequestVote(int from, Message.RequestVote request) {
        if (request.preVote()) {
            answer(from, request, wouldVote(request));
            return;
        }
        raft.adoptTerm(request.term());
        if (request.release() != null) {
            node.releases.add(request.release());
        }
        boolean granted = request.term() == node.term()
                && node.rejoining() == null
                && (node.votedFor() == HardState.NO_VOTE || node.votedFor() == from)
                && request.last().isAtLeastAsUpToDateAs(node.log.last());
        if (granted) {
            node.voteFor(from);
            if (raft.roleState() instanceof Follower follower) {
                follower.resetElectionTimer();
            } else {
                // Was asking for pre-votes: whoever stands or leads has voted for itself.
                raft.become(new Follower(node));
            }
        }
        node.event(granted ? Event.Kind.VOTE_GRANTED : Event.Kind.VOTE_DENIED, from, request.term());
        answer(from, request, granted);
    }

    /** Granted or not, the answer says what this voter still owes earlier leaders (LEASE.md, 3.5). */
    private void answer(int from, Message.RequestVote request, boolean granted) {
        List<OldLease> oldLeases = request.preVote() ? List.of() : node.promises.remaining(node.now);
        node.send(
                from, new Message.RequestVoteReply(node.term(), request.preVote(), granted, request.term(), oldLeases));
    }

    /** A pre-vote changes nothing here; stickiness lives in it alone (LEASE.md, 3.9). */
    private boolean wouldVote(Message.RequestVote request) {
        boolean leaderIsAlive = raft.leading() != null
                || (hasHeard && node.now - lastHeardNanos < node.timing().electionTimeoutMinNanos());
        return !leaderIsAlive
                && node.rejoining() == null
                && request.term() > node.term()
                && request.last().isAtLeastAsUpToDateAs(node.log.last());
    }

    void onRequestVoteReply(int from, Message.RequestVoteReply reply) {
        raft.adoptTerm(reply.term());
        if (reply.preVote()) {
            if (node.rejoining() != null) {
                node.rejoining().onAnswer(from);
            }
            if (raft.roleState() instanceof Candidate candidate && candidate.onPreVoteReply(from, reply)) {
                stand(null);
            }
            return;
        }
        if (reply.term() != node.term() || reply.requestTerm() != node.term()) {
            return;
        }
        if (raft.roleState() instanceof Candidate candidate && candidate.onVoteReply(from, reply)) {
            raft.lead(candidate);
        } else if (raft.roleState() instanceof Leader leader) {
            leader.onVoteReply(from);
        }
    }

    /** Stands without asking whether it would be elected, as its leader wants to be followed by it (thesis, 3.10). */
    void onTimeoutNow(Message.TimeoutNow timeout) {
        node.releases.add(timeout.release());
        if (timeout.term() < node.term()) {
            return;
        }
        raft.adoptTerm(timeout.term());
        boolean follows = raft.roleState() instanceof Follower
                || (raft.roleState() instanceof Candidate candidate && candidate.isPreVote());
        if (follows && mayStand()) {
            stand(timeout.release());
        }
    }

    /** No leader was heard of for long, or an election came to nothing: stands, after a pre-vote. */
    void onTimeout() {
        node.leader = Raft.NO_LEADER;
        if (!mayStand()) {
            raft.become(new Follower(node));
            return;
        }
        node.event(Event.Kind.ELECTION_TIMEOUT, node.self(), node.term());
        Candidate candidate = Candidate.inPreVote(node);
        raft.become(candidate);
        if (candidate.hasMajority()) {
            stand(null);
        }
    }

    private void stand(Release release) {
        raft.become(Candidate.inElection(node, release));
    }

    /**
     * Not with a stalled disk, on which no vote could be recorded (DESIGN.md, D11), not without knowing of earlier votes, and not
     * on the way out.
     */
    private boolean mayStand() {
        return node.isDiskOnTime() && !node.isInstalling() && node.rejoining() == null && !handover.isStopping();
    }
}
