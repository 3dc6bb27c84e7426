package io.tenure.bench.geo;

import java.util.List;
import java.util.Map;

/**
 * All that came of a run.
 *
 * @param network what lay between the regions, in a phrase
 * @param wanted round trips that the matrix asks for; null between hosts
 * @param measured round trips as they were
 * @param machine facts by name
 * @param plan facts on how it was measured, by name
 * @param leftOut what was asked for and is not here, and why, a sentence each
 */
record GeoResults(
        String title,
        String network,
        RoundTrips wanted,
        RoundTrips measured,
        Map<String, String> machine,
        Map<String, String> plan,
        List<SystemResults> systems,
        List<String> leftOut) {
    GeoResults {
        systems = List.copyOf(systems);
        leftOut = List.copyOf(leftOut);
    }
}
