package io.tenure.raft;

/**
 * What must be durable besides the log (paper, figure 2; LEASE.md, 3.3).
 *
 * @param term latest term seen; -1 before the first election
 * @param votedFor candidate voted for in {@code term}, {@link #NO_VOTE} or {@link #FORGOTTEN_VOTE}
 * @param leasePromisedMillisMax longest lease this node ever promised (LmaxPromised); while it rejoins, at least the longest
 *     that it may have promised before
 * @param rejoining whether this node has forgotten what it voted for, promised and acknowledged; see {@link Rejoining}
 */
public record HardState(long term, int votedFor, long leasePromisedMillisMax, boolean rejoining) {
    /** No vote given in this term. */
    public static final int NO_VOTE = -1;

    /** A vote was given in this term or not, and nobody knows to whom: nobody gets one. */
    public static final int FORGOTTEN_VOTE = -2;

    /** State of a node that never ran. */
    public static final HardState INITIAL = new HardState(-1, NO_VOTE, 0);

    /** State of a node that has forgotten nothing. */
    public HardState(long term, int votedFor, long leasePromisedMillisMax) {
        this(term, votedFor, leasePromisedMillisMax, false);
    }

    /**
     * What a node begins with that has lost everything it knew.
     *
     * @param leaseMillisMax the longest lease that any member may ever have asked it to promise
     */
    public static HardState forgotten(long leaseMillisMax) {
        return new HardState(-1, NO_VOTE, leaseMillisMax, true);
    }

    /** The same in another term, without a vote. */
    public HardState inTerm(long newTerm) {
        return new HardState(newTerm, NO_VOTE, leasePromisedMillisMax, rejoining);
    }
}
