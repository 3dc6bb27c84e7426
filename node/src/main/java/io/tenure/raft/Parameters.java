package io.tenure.raft;

import java.util.List;

/**
 * What the core is told once. Checked by the settings, which explain; here a wrong value is a bug.
 *
 * @param voters ids of all members, this node's among them
 * @param electionTimeoutMinNanos smallest election timeout; each one is drawn anew from min..max (paper, 5.2)
 * @param heartbeatNanos interval of heartbeats, kept under load as well (DESIGN.md, D11)
 * @param leaseMillis L: the promise asked of voters; travels in messages, may differ between nodes (LEASE.md, 3.2)
 * @param clockDriftMax rho: how far the rate of a clock may be off, as a fraction (LEASE.md, 3.2)
 * @param strictLease neither reads nor writes without a lease, and NO-OP only after old leases ran out
 * @param diskDeadlineNanos age of the oldest outstanding write at which the disk counts as stalled (DESIGN.md, D11)
 * @param batchBytesMax bytes of entries in one AppendEntry (one larger entry travels alone)
 * @param inflightBytesMax bytes of entries sent to a follower and not yet durable there
 * @param uncommittedBytesMax bytes of entries not yet committed, beyond which writes are refused as BUSY
 * @param logWindowBytesMax bytes of entries kept in memory for followers that lag
 * @param snapshotBytesPerSecondMax how fast a snapshot is sent to a follower
 * @param limboKeysMax more keys than these in limbo mean all keys (DESIGN.md, D7)
 * @param adaptiveTiming whether heartbeat, lease and election timeout only begin as told, and then fit the measured round trips
 */
public record Parameters(
        int nodeId,
        List<Integer> voters,
        long electionTimeoutMinNanos,
        long electionTimeoutMaxNanos,
        long heartbeatNanos,
        long leaseMillis,
        double clockDriftMax,
        boolean strictLease,
        long diskDeadlineNanos,
        int batchBytesMax,
        long inflightBytesMax,
        long uncommittedBytesMax,
        long logWindowBytesMax,
        long snapshotBytesPerSecondMax,
        int limboKeysMax,
        boolean adaptiveTiming) {
    /** Entries in one AppendEntry. */
    public static final int BATCH_ENTRIES_MAX = 4096;

    static final long NANOS_PER_MILLI = 1_000_000;

    /** Timer granularity and rounding, g of LEASE.md 3.2. */
    private static final long GRANULARITY_NANOS = NANOS_PER_MILLI;

    public Parameters {
        voters = List.copyOf(voters);
        if (!voters.contains(nodeId)) {
            throw new IllegalArgumentException("node " + nodeId + " is not among the voters " + voters);
        }
        if (electionTimeoutMinNanos <= 0 || electionTimeoutMaxNanos <= electionTimeoutMinNanos) {
            throw new IllegalArgumentException("election timeout must be a range");
        }
    }

    /** With timing as told, for ever. */
    public Parameters(
            int nodeId,
            List<Integer> voters,
            long electionTimeoutMinNanos,
            long electionTimeoutMaxNanos,
            long heartbeatNanos,
            long leaseMillis,
            double clockDriftMax,
            boolean strictLease,
            long diskDeadlineNanos,
            int batchBytesMax,
            long inflightBytesMax,
            long uncommittedBytesMax,
            long logWindowBytesMax,
            long snapshotBytesPerSecondMax,
            int limboKeysMax) {
        this(
                nodeId,
                voters,
                electionTimeoutMinNanos,
                electionTimeoutMaxNanos,
                heartbeatNanos,
                leaseMillis,
                clockDriftMax,
                strictLease,
                diskDeadlineNanos,
                batchBytesMax,
                inflightBytesMax,
                uncommittedBytesMax,
                logWindowBytesMax,
                snapshotBytesPerSecondMax,
                limboKeysMax,
                false);
    }

    /** What timing begins with. */
    public Timing timing() {
        return new Timing(heartbeatNanos, leaseMillis, electionTimeoutMinNanos, electionTimeoutMaxNanos);
    }

    /**
     * How long a leader may trust a promise of L, from the moment it asked for it, on its own clock:
     * {@code l = floor(L * (1 - rho) / (1 + rho)) - 2g}. Only the leader shortens (LEASE.md, 3.2 and 3.12).
     */
    public long leaseNanos() {
        return leaseNanos(leaseMillis, clockDriftMax);
    }

    /** {@link #leaseNanos()} for any length and drift; the settings use it to refuse a lease that is too short. */
    public static long leaseNanos(long leaseMillis, double clockDriftMax) {
        double shortened = leaseMillis * (double) NANOS_PER_MILLI * (1 - clockDriftMax) / (1 + clockDriftMax);
        return (long) Math.floor(shortened) - 2 * GRANULARITY_NANOS;
    }

    /** Position of a node among the voters, or -1. */
    int slotOf(int node) {
        return voters.indexOf(node);
    }
}
