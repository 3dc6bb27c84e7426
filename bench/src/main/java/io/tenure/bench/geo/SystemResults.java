package io.tenure.bench.geo;

import java.util.List;
import java.util.Optional;

/**
 * What was measured of a system.
 *
 * @param leader region of the node that led while lines were measured
 */
record SystemResults(SystemNote note, String leader, List<RegionFigures> figures, List<Timeline> timelines) {
    SystemResults {
        figures = List.copyOf(figures);
        timelines = List.copyOf(timelines);
    }

    Optional<RegionFigures> figures(String region, Line line) {
        return figures.stream()
                .filter(each -> each.region().equals(region) && each.line().equals(line.name()))
                .findFirst();
    }
}
