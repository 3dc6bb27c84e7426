package io.tenure.bench.geo;

import java.util.List;

/**
 * What the load client on one host says.
 *
 * @param regions of all nodes
 * @param roundTrips to each of them, in milliseconds
 * @param leader region of the node that led; empty if that changed
 * @param host what the host is like, in a phrase
 */
record ClientResults(
        String region,
        List<String> regions,
        List<Double> roundTrips,
        String leader,
        String host,
        List<RegionFigures> figures,
        List<String> troubles) {
    ClientResults {
        regions = List.copyOf(regions);
        roundTrips = List.copyOf(roundTrips);
        figures = List.copyOf(figures);
        troubles = List.copyOf(troubles);
    }
}
