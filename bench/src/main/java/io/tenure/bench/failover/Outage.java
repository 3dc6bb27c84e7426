package io.tenure.bench.failover;

/** The longest time without a success. Thread-safe. */
public final class Outage {
    private long last;
    private long longest;
    private long successes;

    /** Something succeeded. */
    public synchronized void success() {
        long now = System.nanoTime();
        if (successes > 0) {
            longest = Math.max(longest, now - last);
        }
        last = now;
        successes++;
    }

    /** Forgets outages so far, but not when the last success was. */
    public synchronized void reset() {
        longest = 0;
    }

    /** Since the reset, between two successes, in nanoseconds. */
    public synchronized long longestNanos() {
        return longest;
    }

    /** How many there were. */
    public synchronized long successes() {
        return successes;
    }
}
