package io.tenure.raft;

/**
 * A holder says that its lease is over: it claims nothing any more by what it was promised in this term up to this epoch, or
 * in any earlier term (LEASE.md, 3.8). Once true, that is true for ever, whoever passes it on and however late it comes.
 *
 * @param holder node id of who held the lease
 * @param term term of its leadership
 * @param epochUpTo last lease epoch of that term that is over, {@link #ALL_EPOCHS} if it will have no other
 */
public record Release(int holder, long term, long epochUpTo) {
    /** The leadership is over, too. */
    public static final long ALL_EPOCHS = Long.MAX_VALUE;

    /** Whether what was promised in that epoch is released. */
    public boolean covers(long promisedTerm, long promisedEpoch) {
        return promisedTerm < term || (promisedTerm == term && promisedEpoch <= epochUpTo);
    }
}
