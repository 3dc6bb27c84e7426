package io.tenure.client.logic;

import java.util.random.RandomGenerator;

/** Waits that double and are spread, so that clients that failed together don't come back together. */
final class Backoff {
    private final RandomGenerator random;
    private final long firstNanos;
    private final long lastNanos;

    Backoff(RandomGenerator random, long firstNanos, long lastNanos) {
        this.random = random;
        this.firstNanos = firstNanos;
        this.lastNanos = Math.max(firstNanos, lastNanos);
    }

    /** The wait after so many failures in a row, from 1: between half and the whole of the doubled time. */
    long nanos(int failures) {
        long doubled = firstNanos << Math.min(failures - 1, 16);
        long wait = Math.min(doubled, lastNanos);
        return wait - random.nextLong(wait / 2 + 1);
    }
}
