package io.tenure.raft;

import java.util.function.Consumer;

/**
 * Has followers learn of a commit soon, whether or not there are entries to carry the news: what they don't know to be committed
 * is in limbo if their leader goes (LEASE.md, 3.10). Under load entries always come first.
 */
final class CommitNotice {
    /** How long a commit waits for entries before a message of its own tells of it. */
    private static final long PATIENCE_NANOS = 2 * Parameters.NANOS_PER_MILLI;

    private static final long NEVER = Long.MAX_VALUE;

    private long index;
    /** When followers must have been told of {@link #index}; never, if they have been. */
    private long dueNanos = NEVER;

    CommitNotice(long commitIndex) {
        this.index = commitIndex;
    }

    /** When it wants a turn. */
    long dueNanos() {
        return dueNanos;
    }

    /** Tells followers that lack the news what is due, and notes what is new. */
    void turn(long now, long commitIndex, Progress[] followers, Consumer<Progress> tell) {
        if (dueNanos != NEVER && now - dueNanos >= 0) {
            for (Progress follower : followers) {
                if (follower.lacksCommit(index)) {
                    tell.accept(follower);
                }
            }
            dueNanos = NEVER;
        }
        if (dueNanos == NEVER && index < commitIndex && followers.length > 0) {
            index = commitIndex;
            dueNanos = now + PATIENCE_NANOS;
        }
    }
}
