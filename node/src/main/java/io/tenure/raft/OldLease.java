package io.tenure.raft;

/**
 * What a voter still owes an earlier leader: for {@code remainingMillis} from the arrival of the vote reply, that leader
 * may believe in its lease (LEASE.md, 3.4 and 3.5).
 *
 * @param holder node id of the earlier leader, or {@link #UNKNOWN} for promises that a restart made the voter forget
 * @param term term of the promise
 * @param epoch lease epoch within the term
 * @param remainingMillis rounded up
 */
public record OldLease(int holder, long term, long epoch, long remainingMillis) {
    /** The '?' of LEASE.md: a restarted voter does not know whom it promised. */
    public static final int UNKNOWN = -1;
}
