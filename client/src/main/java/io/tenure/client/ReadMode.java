package io.tenure.client;

/** Who answers a read, and how new the answer is. The first three are linearizable. */
public enum ReadMode {
    /** The leader, by its lease, without asking anybody: fastest near it. Confirmed by a majority while there is no lease. */
    LEASE,
    /** The leader, always confirmed by a majority: holds even where clocks don't keep their bound. */
    QUORUM,
    /** The nearest node, once the leader has told it up to where the log is committed: spreads load, costs a round trip to the leader. */
    FOLLOWER,
    /**
     * The nearest node, once it has everything that this client was told of before: the client reads its own writes, and never goes
     * back. What others have written may be missing.
     */
    SESSION,
    /** The nearest node whose data are not older than {@link ReadOptions#maxStaleness}; it asks the leader only if its own are older. */
    BOUNDED
}
