package io.tenure.client;

/** How a read is made linearizable. */
public enum ReadMode {
    /** By the leader's lease, without asking anybody: fastest. Confirmed by a majority while there is no lease. */
    LEASE,
    /** Always confirmed by a majority: holds even where clocks don't keep their bound. */
    QUORUM
}
