package io.tenure.raft;

/**
 * What must be durable besides the log (paper, figure 2; LEASE.md, 3.3).
 *
 * @param term latest term seen; -1 before the first election
 * @param votedFor candidate voted for in {@code term}, or {@link #NO_VOTE}
 * @param leasePromisedMillisMax longest lease this node ever promised (LmaxPromised)
 */
public record HardState(long term, int votedFor, long leasePromisedMillisMax) {
    /** No vote given in this term. */
    public static final int NO_VOTE = -1;

    /** State of a node that never ran. */
    public static final HardState INITIAL = new HardState(-1, NO_VOTE, 0);
}
