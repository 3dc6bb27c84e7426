package io.tenure.raft;

/**
 * Something that {@code dump.txt} tells (LEASE.md, 1.4).
 *
 * @param node the other node it concerns, or this one
 * @param term the term it concerns, where the statement names one
 */
public record Event(Kind kind, int node, long term) {
    /** The statements, in the order of LEASE.md 1.4. */
    public enum Kind {
        HEARTBEAT,
        LEASE_RENEWAL_FAILED,
        WAITING_FOR_OLD_LEASE,
        ELECTION_TIMEOUT,
        BECAME_LEADER,
        APPEND_ACCEPTED,
        APPEND_REJECTED,
        VOTE_GRANTED,
        VOTE_DENIED,
        STEPPING_DOWN
    }
}
