package io.tenure.sim;

import io.tenure.handoff.Clock;

/**
 * A node's monotonic clock: runs at a rate that may differ from real time by at most the bound that the lease algorithm
 * is told (LEASE.md, 3.2), from an arbitrary offset. The rate may change on the way.
 */
final class SimClock implements Clock {
    private final Timeline timeline;
    private double rate;
    private long sinceReal;
    private long sinceLocal;

    /** A clock that shows {@code offsetNanos} now. */
    SimClock(Timeline timeline, double rate, long offsetNanos) {
        this.timeline = timeline;
        this.rate = rate;
        this.sinceReal = timeline.now();
        this.sinceLocal = offsetNanos;
    }

    @Override
    public long nanoTime() {
        return sinceLocal + (long) ((timeline.now() - sinceReal) * rate);
    }

    /** Seconds on this clock per real second. */
    double rate() {
        return rate;
    }

    /** Goes on at another rate, from what it shows now; a rate of 0 stops it. */
    void changeRate(double newRate) {
        sinceLocal = nanoTime();
        sinceReal = timeline.now();
        rate = newRate;
    }

    /** First real time at which this clock shows at least {@code localNanos}, if its rate stays as it is. */
    long realTimeOf(long localNanos) {
        if (localNanos <= nanoTime()) {
            return timeline.now();
        }
        if (rate <= 0 || localNanos == Long.MAX_VALUE) {
            return Timeline.NEVER;
        }
        double after = (localNanos - sinceLocal) / rate;
        if (after >= Long.MAX_VALUE / 4.0) {
            return Timeline.NEVER;
        }
        long real = sinceReal + (long) Math.ceil(after);
        while (sinceLocal + (long) ((real - sinceReal) * rate) < localNanos) {
            real++;
        }
        return real;
    }
}
