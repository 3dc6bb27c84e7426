package io.tenure.bench.geo;

import java.util.List;
import java.util.Optional;

/**
 * What clients saw of a fault. Times are in milliseconds since it struck.
 *
 * @param leader region of the node that it struck
 * @param beginMillis since when it was watched
 * @param struckMillis when whatever was done to the leader had been done
 * @param mendedMillis when it was mended
 * @param endMillis until when it was watched
 * @param nextLeader region of the node that led just before it was mended; empty if none did
 * @param regions what clients of each region saw
 */
record Timeline(
        String fault,
        String description,
        String leader,
        double beginMillis,
        double struckMillis,
        double mendedMillis,
        double endMillis,
        String nextLeader,
        List<Seen> regions) {
    /** Width of a {@link Step}. */
    static final double STEP_MILLIS = 100;

    Timeline {
        regions = List.copyOf(regions);
    }

    Optional<Seen> seen(String region, boolean writes) {
        return regions.stream()
                .filter(each -> each.region().equals(region) && each.writes() == writes)
                .findFirst();
    }

    /**
     * What clients of a region saw, of reads or of writes.
     *
     * @param gapMillis the longest time without a success that began before the fault was mended
     * @param mendGapMillis the longest that began after it
     * @param usualGapMillis the longest before it struck
     */
    record Seen(
            String region,
            boolean writes,
            double gapMillis,
            double mendGapMillis,
            double usualGapMillis,
            long errors,
            long unknown,
            String firstError,
            List<Step> steps) {
        Seen {
            steps = List.copyOf(steps);
        }
    }

    /** A tenth of a second: how many operations succeeded, and the longest latency of one of them. */
    record Step(double atMillis, long succeeded, double latencyMillisMax) {}
}
