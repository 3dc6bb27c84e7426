package io.tenure.bench.compare;

import java.nio.file.Path;
import java.util.List;

/**
 * What a comparison consists of.
 *
 * @param rounds how often everything is measured; each time on fresh nodes and empty folders
 * @param warmupSeconds of each load, before its window
 * @param seconds length of each load's window
 * @param preload keys that are written before anything is measured
 * @param kills leaders killed in each round
 * @param systems names, in the order of each round
 * @param lines what is measured
 * @param folder for the nodes' files, on the disk in question
 */
record ComparisonPlan(
        int rounds,
        double warmupSeconds,
        double seconds,
        int preload,
        int kills,
        List<String> systems,
        List<Line> lines,
        Path folder) {
    ComparisonPlan {
        systems = List.copyOf(systems);
        lines = List.copyOf(lines);
    }
}
