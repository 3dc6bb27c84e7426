package io.tenure.raft;

/**
 * Something that {@code dump.txt} tells (LEASE.md, 1.4), or that only the log of the node should.
 *
 * @param node the other node it concerns, or this one
 * @param term the term it concerns, where the statement names one
 */
public record Event(Kind kind, int node, long term) {
    /** The statements, in the order of LEASE.md 1.4; then what is none of them. */
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
        STEPPING_DOWN,
        /** A follower no longer holds what it acknowledged to this leader in this term. */
        FOLLOWER_WENT_BACK,
        /** This node has caught up, and votes again from the next term on. */
        REJOINED;

        /** Whether {@code dump.txt} has words for it. */
        public boolean isStatement() {
            return this != FOLLOWER_WENT_BACK && this != REJOINED;
        }
    }
}
