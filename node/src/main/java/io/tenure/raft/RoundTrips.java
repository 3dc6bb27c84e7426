package io.tenure.raft;

import java.util.Arrays;

/**
 * How long each follower takes to answer, on the leader's own clock: from sending a message to the answer that echoes its
 * number, whatever lay between them. The newest samples of each, thinned out so that they span some seconds under load, too.
 */
final class RoundTrips {
    /** What {@link #p99Nanos} is while too little is known. */
    static final long UNKNOWN = -1;

    private static final int SAMPLES_MAX = 256;
    private static final int SAMPLES_MIN = 8;
    private static final long SPACING_NANOS = 20 * Parameters.NANOS_PER_MILLI;

    private final long[][] samples;
    private final int[] count;
    private final long[] sampledNanos;

    RoundTrips(int voters) {
        samples = new long[voters][SAMPLES_MAX];
        count = new int[voters];
        sampledNanos = new long[voters];
    }

    /** The voter has answered at {@code now} what was sent at {@code sentNanos}. */
    void onAnswer(int slot, long now, long sentNanos) {
        if (count[slot] > 0 && sentNanos - sampledNanos[slot] < SPACING_NANOS) {
            return;
        }
        sampledNanos[slot] = sentNanos;
        samples[slot][count[slot]++ % SAMPLES_MAX] = now - sentNanos;
    }

    /** The round trip that 99 of 100 don't exceed, or {@link #UNKNOWN}. */
    long p99Nanos(int slot) {
        if (count[slot] < SAMPLES_MIN) {
            return UNKNOWN;
        }
        long[] sorted = Arrays.copyOf(samples[slot], Math.min(count[slot], SAMPLES_MAX));
        Arrays.sort(sorted);
        return sorted[(sorted.length * 99 + 99) / 100 - 1];
    }

    /** The longest that any of the voters needs, or {@link #UNKNOWN} if none is known. */
    long longestNanos() {
        long longest = UNKNOWN;
        for (int slot = 0; slot < count.length; slot++) {
            longest = Math.max(longest, p99Nanos(slot));
        }
        return longest;
    }
}
