package io.tenure.raft;

/**
 * How a leader hands over (thesis, 3.10; LEASE.md, 3.8): it takes no more writes, brings its successor up to date, gives up the
 * lease, and only then has the successor stand, with the word that releases what the voters promised. If nothing comes of it
 * the leader earns a new lease, in a new epoch: the word that is still under way speaks of the old one only.
 */
final class Succession {
    private final NodeState node;
    private final Progress[] followers;
    private final LeaderLease lease;
    private final Replication replication;

    Succession(NodeState node, Progress[] followers, LeaderLease lease, Replication replication) {
        this.node = node;
        this.followers = followers;
        this.lease = lease;
        this.replication = replication;
    }

    /** Begins; null, or why not. */
    Output.Refusal begin(Input.Transfer request) {
        if (node.transfer != null) {
            return Output.Refusal.TRANSFER_UNDER_WAY;
        }
        Progress successor = successor(request.target());
        if (successor == null || !answers(successor)) {
            return Output.Refusal.TARGET_SILENT;
        }
        if (!isNear(successor)) {
            return Output.Refusal.TARGET_BEHIND;
        }
        long patienceNanos = Math.min(request.patienceNanos(), node.timing().electionTimeoutMinNanos());
        node.transfer = new Transfer(request.ticket(), successor.peer, node.now + patienceNanos);
        return null;
    }

    /** Goes on, once a turn: nothing happens before the successor has everything, and all of it is committed. */
    void proceed() {
        Transfer transfer = node.transfer;
        if (transfer == null || transfer.isTold() || node.commitIndex() < node.log.lastIndex()) {
            return;
        }
        Progress successor = follower(transfer.target());
        if (successor.matchIndex() < node.log.lastIndex()) {
            return;
        }
        transfer.tell();
        lease.suspend();
        // The commit index goes first, so that nothing that is applied here is in limbo at the successor.
        replication.beat(successor);
        node.send(successor.peer, new Message.TimeoutNow(node.term(), release()));
    }

    /** Nothing came of it; this node leads on. */
    void abort() {
        if (node.transfer.isTold()) {
            lease.resume(node.now);
        }
        node.transfer = null;
    }

    /** What the present lease and all before it are released by. */
    Release release() {
        return new Release(node.self(), node.term(), lease.epoch());
    }

    /** The one asked for; or the one that has most, of those that have room and answer. Null if there is none. */
    private Progress successor(int target) {
        if (target != Input.Transfer.ANY) {
            return follower(target);
        }
        Progress best = null;
        for (Progress each : followers) {
            boolean fit = answers(each) && isNear(each) && !each.isDiskFull();
            if (fit && (best == null || each.matchIndex() > best.matchIndex())) {
                best = each;
            }
        }
        return best;
    }

    private boolean answers(Progress follower) {
        long since = node.now - node.timing().electionTimeoutMinNanos();
        return follower.isReachable() && lease.hasPromisedSince(follower.slot, since);
    }

    /** Whether all that it lacks can be sent from memory. */
    private boolean isNear(Progress follower) {
        return follower.sending() == null && follower.nextIndex() >= node.log.firstInWindow();
    }

    private Progress follower(int peer) {
        for (Progress follower : followers) {
            if (follower.peer == peer) {
                return follower;
            }
        }
        throw new IllegalArgumentException("node " + peer + " is not a follower");
    }
}
