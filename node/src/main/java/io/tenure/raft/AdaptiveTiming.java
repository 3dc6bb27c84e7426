package io.tenure.raft;

/**
 * The timing that a node goes by (LEASE.md, 3.11): the one it was told, or with adaptive timing one that fits the round trips.
 *
 * <p>Only a leader measures, and it changes its mind slowly: at once and by half when the round trip is longer than planned
 * for, and by a tenth when it is a tenth shorter; twice a second at most. So a pause of one node passes before it matters much,
 * and a value near the bound doesn't swing. A follower goes by the lease that its leader asks for: its patience is longer
 * than that, and no two nodes that measure different round trips depose each other. A new leader goes on from there.
 *
 * <p>Nothing about safety rests on it: a lease lasts for what the message asked that earned it, and each voter promises what
 * it was asked.
 */
final class AdaptiveTiming {
    private static final long INTERVAL_NANOS = 500 * Parameters.NANOS_PER_MILLI;
    /** Below it, steps would be too small to tell. */
    private static final long STEP_NANOS_MIN = 2 * Parameters.NANOS_PER_MILLI;

    private final boolean adaptive;
    private Timing timing;
    private long fittedNanos;
    private boolean fitted;

    AdaptiveTiming(Parameters parameters) {
        this.adaptive = parameters.adaptiveTiming();
        this.timing = parameters.timing();
    }

    /** What is in force now. */
    Timing get() {
        return timing;
    }

    /** The leader asks for a lease of that length. */
    void follow(long leaseMillis) {
        if (adaptive && leaseMillis > 0 && leaseMillis != timing.leaseMillis()) {
            timing = Timing.fitting(Timing.roundTripNanosOf(leaseMillis));
        }
    }

    /** This node leads, and its round trips are what they are now. */
    void fit(long now, RoundTrips roundTrips) {
        if (!adaptive || (fitted && now - fittedNanos < INTERVAL_NANOS)) {
            return;
        }
        long measured = Math.min(roundTrips.longestNanos(), Timing.ROUND_TRIP_NANOS_MAX);
        if (measured < 0) {
            return;
        }
        fitted = true;
        fittedNanos = now;
        long planned = Timing.roundTripNanosOf(timing.leaseMillis());
        if (measured - planned > STEP_NANOS_MIN) {
            timing = Timing.fitting(Math.min(measured, planned + planned / 2 + STEP_NANOS_MIN));
        } else if (measured < planned - planned / 10 && planned - measured > STEP_NANOS_MIN) {
            timing = Timing.fitting(Math.max(measured, planned - planned / 10 - STEP_NANOS_MIN));
        }
    }
}
