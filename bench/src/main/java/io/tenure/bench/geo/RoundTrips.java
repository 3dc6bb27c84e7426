package io.tenure.bench.geo;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleBiFunction;

/**
 * Round trips between regions.
 *
 * @param millis a row for each region, in which the column of each region has the time there and back
 */
record RoundTrips(List<String> regions, List<List<Double>> millis) {
    RoundTrips {
        regions = List.copyOf(regions);
        millis = millis.stream().map(List::copyOf).toList();
    }

    static RoundTrips of(List<String> regions, ToDoubleBiFunction<String, String> millis) {
        return new RoundTrips(
                regions,
                regions.stream()
                        .map(from -> regions.stream()
                                .map(to -> millis.applyAsDouble(from, to))
                                .toList())
                        .toList());
    }

    double between(String from, String to) {
        return millis.get(regions.indexOf(from)).get(regions.indexOf(to));
    }

    /**
     * From a leader to the nearest followers that make a majority with it.
     *
     * @param nodes regions that have a node, the leader's included
     */
    double toMajority(String leader, List<String> nodes) {
        List<String> others = new ArrayList<>(nodes);
        others.remove(leader);
        List<Double> distances =
                others.stream().map(other -> between(leader, other)).sorted().toList();
        int needed = nodes.size() / 2;
        return needed == 0 ? 0 : distances.get(needed - 1);
    }

    /** The largest difference to what was wanted. */
    double largestDifference(RoundTrips wanted) {
        double largest = 0;
        for (String from : regions) {
            for (String to : regions) {
                largest = Math.max(largest, Math.abs(between(from, to) - wanted.between(from, to)));
            }
        }
        return largest;
    }

    /** Where a leader makes writes of clients everywhere take the least time on average. */
    String bestLeader() {
        String best = regions.get(0);
        for (String region : regions) {
            if (meanWriteMillis(region) < meanWriteMillis(best)) {
                best = region;
            }
        }
        return best;
    }

    private double meanWriteMillis(String leader) {
        return regions.stream()
                .mapToDouble(client -> Floor.TO_LEADER_AND_MAJORITY.millis(this, client, leader))
                .average()
                .orElseThrow();
    }
}
