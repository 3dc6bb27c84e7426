package io.tenure.raft;

/**
 * What a leader concludes from full disks, its own and those that followers tell of (LESSONS.md, 11: step down before full).
 * A follower counts as having room only while its promises are fresh: one that is gone stores nothing either.
 */
final class FullDisks {
    /** A disk that is full tells so again within this time; it is looked at more often. */
    static final long FULL_TOLD_WITHIN_NANOS = 250_000_000;

    /** Within this time a node sees that its disk has become full though it writes nothing; it looks more often. */
    static final long SEEN_WITHIN_NANOS = 1_250_000_000;

    private final NodeState node;
    private final Progress[] followers;
    private final LeaderLease lease;
    private final int majority;
    private boolean ready;
    private long readySinceNanos;

    FullDisks(NodeState node, Progress[] followers, LeaderLease lease) {
        this.node = node;
        this.followers = followers;
        this.lease = lease;
        this.majority = Quorum.majority(followers.length + 1);
    }

    /**
     * Whether writes are refused before they are appended, hence certainly not done: this node could not store them, or full
     * disks leave no majority that could, so that they would wait until their clients give up without an answer.
     */
    boolean refuseWrites() {
        if (node.diskFull) {
            return true;
        }
        long fresh = node.now - node.timing().electionTimeoutMinNanos();
        int room = 1;
        int full = 0;
        for (Progress follower : followers) {
            full += follower.isDiskFull() ? 1 : 0;
            room += hasRoomSince(follower, fresh) ? 1 : 0;
        }
        return full > 0 && room < majority;
    }

    /**
     * Whether this node is of no use for writes, and the others are a majority without it: they have room, answer, and hold the
     * whole log, so that each of them can win an election and then commit without this node's disk. Disks may become full at
     * once and have room at once, being one perhaps: it counts only if all have looked since. To be asked in every turn.
     */
    boolean othersAreReady() {
        boolean wereReady = ready;
        ready = node.diskFull && areReadySince(node.now - node.timing().electionTimeoutMinNanos());
        if (!wereReady) {
            readySinceNanos = node.now;
        }
        return ready && areReadySince(readySinceNanos + SEEN_WITHIN_NANOS);
    }

    private boolean areReadySince(long sinceNanos) {
        int count = 0;
        for (Progress follower : followers) {
            boolean holdsAll = follower.matchIndex() == node.log.lastIndex();
            count += holdsAll && hasRoomSince(follower, sinceNanos) ? 1 : 0;
        }
        return count >= majority;
    }

    /** Whether the follower has last told that it has room, and has answered what left at {@code sinceNanos} or later. */
    private boolean hasRoomSince(Progress follower, long sinceNanos) {
        return !follower.isDiskFull() && lease.hasPromisedSince(follower.slot, sinceNanos);
    }
}
