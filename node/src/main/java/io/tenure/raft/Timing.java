package io.tenure.raft;

/**
 * How often a leader beats, how long a lease it asks for, and how long a follower waits for it.
 *
 * @param heartbeatNanos interval of heartbeats, kept under load as well (DESIGN.md, D11)
 * @param leaseMillis L: the promise asked of voters (LEASE.md, 3.2)
 * @param electionTimeoutMinNanos smallest election timeout; each one is drawn anew from min..max (paper, 5.2)
 */
public record Timing(
        long heartbeatNanos, long leaseMillis, long electionTimeoutMinNanos, long electionTimeoutMaxNanos) {
    /** Longer round trips are not waited for: with them leases would last more than 4 s. */
    static final long ROUND_TRIP_NANOS_MAX = 1000 * Parameters.NANOS_PER_MILLI;

    private static final long HEARTBEAT_NANOS_MIN = 25 * Parameters.NANOS_PER_MILLI;
    private static final long HEARTBEAT_NANOS_MAX = 500 * Parameters.NANOS_PER_MILLI;

    /** The values of LEASE.md 3.11 for a round trip; election timeouts spread by half, and by two round trips at least. */
    static Timing fitting(long roundTripNanos) {
        long heartbeat = Math.max(HEARTBEAT_NANOS_MIN, Math.min(HEARTBEAT_NANOS_MAX, roundTripNanos / 2));
        long lease = millisRoundedUp(4 * heartbeat + 2 * roundTripNanos);
        long electionMin = lease * Parameters.NANOS_PER_MILLI + roundTripNanos / 2;
        long electionMax = electionMin + Math.max(electionMin / 2, 2 * roundTripNanos);
        return new Timing(heartbeat, lease, electionMin, electionMax);
    }

    /** The round trip whose fitting lease is that long: what a leader plans for, as its followers see it. */
    static long roundTripNanosOf(long leaseMillis) {
        long lease = leaseMillis * Parameters.NANOS_PER_MILLI;
        if (lease <= 8 * HEARTBEAT_NANOS_MIN) {
            return Math.max(0, lease - 4 * HEARTBEAT_NANOS_MIN) / 2;
        }
        return lease <= 8 * HEARTBEAT_NANOS_MAX ? lease / 4 : (lease - 4 * HEARTBEAT_NANOS_MAX) / 2;
    }

    private static long millisRoundedUp(long nanos) {
        return (nanos + Parameters.NANOS_PER_MILLI - 1) / Parameters.NANOS_PER_MILLI;
    }
}
