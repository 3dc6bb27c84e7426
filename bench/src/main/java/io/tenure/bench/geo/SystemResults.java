package io.tenure.bench.geo;

import java.util.List;
import java.util.Optional;

/**
 * What was measured of a system.
 *
 * @param leader region of the node that led while lines were measured
 * @param troubles what did not go as it should, a sentence each
 */
record SystemResults(
        SystemNote note, String leader, List<RegionFigures> figures, List<Timeline> timelines, List<String> troubles) {
    SystemResults {
        figures = List.copyOf(figures);
        timelines = List.copyOf(timelines);
        troubles = List.copyOf(troubles);
    }

    Optional<RegionFigures> figures(String region, Line line) {
        return figures.stream()
                .filter(each -> each.region().equals(region) && each.line().equals(line.name()))
                .findFirst();
    }
}
