package io.tenure.bench.geo;

import io.tenure.bench.geo.Timeline.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** When operations of one kind succeeded, in nanoseconds since a fault struck. One thread. */
final class SuccessTimes {
    private static final double NANOS_PER_MILLI = 1e6;

    /** Latencies by time. */
    private final TreeMap<Long, Long> latencies = new TreeMap<>();

    private final TreeMap<Long, Step> steps = new TreeMap<>();

    void add(long atNanos, long latencyNanos) {
        latencies.put(atNanos, latencyNanos);
        long number = Math.floorDiv(atNanos, (long) (Timeline.STEP_MILLIS * NANOS_PER_MILLI));
        double latency = latencyNanos / NANOS_PER_MILLI;
        steps.merge(
                number,
                new Step(number * Timeline.STEP_MILLIS, 1, latency),
                (one, other) -> new Step(
                        one.atMillis(),
                        one.succeeded() + other.succeeded(),
                        Math.max(one.latencyMillisMax(), other.latencyMillisMax())));
    }

    List<Step> steps() {
        return new ArrayList<>(steps.values());
    }

    /**
     * The longest time without a success.
     *
     * @param fromNanos a gap that ends before does not count, unless {@code beginsInside}
     * @param untilNanos a gap that begins later does not count
     * @param beginsInside whether a gap that began before {@code fromNanos} is left out
     * @param endNanos where a gap ends at the latest
     */
    double longestGapMillis(long fromNanos, long untilNanos, boolean beginsInside, long endNanos) {
        Long first = beginsInside ? latencies.ceilingKey(fromNanos) : latencies.floorKey(fromNanos);
        long begin = first == null ? fromNanos : first;
        long longest = 0;
        while (begin < untilNanos) {
            Long next = latencies.higherKey(begin);
            longest = Math.max(longest, (next == null || next > endNanos ? endNanos : next) - begin);
            if (next == null) {
                break;
            }
            begin = next;
        }
        return longest / NANOS_PER_MILLI;
    }
}
