package io.tenure.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tenure.bench.failover.FailoverPlan;
import io.tenure.bench.failover.Round;
import io.tenure.bench.failover.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Figures of scenarios that were played: medians, and all values, as a table and as JSON. */
final class FailoverReport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Figure DONE = new Figure("new leader after, ms", "done_ms", Round::doneMillis);
    private static final List<Figure> FIGURES = List.of(
            new Figure("longest gap in writes, ms", "write_gap_ms", Round::writeGapMillis),
            new Figure("longest gap in reads, ms", "read_gap_ms", Round::readGapMillis),
            DONE,
            new Figure("failed operations", "failures", Round::failures));

    private final List<Played> all = new ArrayList<>();

    /** A scenario and what came of it. */
    private record Played(FailoverPlan plan, List<Round> rounds, List<String> problems) {}

    /** A figure of a round. */
    private record Figure(String title, String key, ToDoubleFunction<Round> value) {
        String title(Scenario scenario) {
            boolean endsWithAll = scenario == Scenario.HEAL || scenario == Scenario.ROLLING;
            return equals(DONE) && endsWithAll ? "all caught up after, ms" : title;
        }

        List<Double> sorted(Played played) {
            return played.rounds.stream().map(value::applyAsDouble).sorted().toList();
        }
    }

    void add(FailoverPlan plan, List<Round> rounds, List<String> problems) {
        all.add(new Played(plan, List.copyOf(rounds), List.copyOf(problems)));
    }

    /** A line a figure: median, then all values from the smallest on. */
    String toTable() {
        StringBuilder table = new StringBuilder("| scenario | figure | median | all |\n|---|---|---|---|\n");
        for (Played played : all) {
            for (Figure figure : FIGURES) {
                List<Double> sorted = figure.sorted(played);
                table.append(String.format(
                        Locale.ROOT,
                        "| %s | %s | %s | %s |%n",
                        name(played.plan.scenario()),
                        figure.title(played.plan.scenario()),
                        text(median(sorted)),
                        sorted.stream().map(FailoverReport::text).collect(Collectors.joining(" "))));
            }
        }
        return table.toString();
    }

    String toJson(String profile, int nodes) {
        ObjectNode top = JSON.createObjectNode().put("profile", profile).put("nodes", nodes);
        ArrayNode scenarios = top.putArray("scenarios");
        for (Played played : all) {
            ObjectNode scenario = scenarios
                    .addObject()
                    .put("scenario", name(played.plan.scenario()))
                    .put("writers", played.plan.writers())
                    .put("readers", played.plan.readers())
                    .put("ops_s", played.plan.opsPerSecond())
                    .put("keys", played.plan.keys());
            ObjectNode medians = scenario.putObject("median");
            for (Figure figure : FIGURES) {
                medians.put(figure.key, tenths(median(figure.sorted(played))));
            }
            ArrayNode rounds = scenario.putArray("rounds");
            for (Round round : played.rounds) {
                ObjectNode each = rounds.addObject();
                for (Figure figure : FIGURES) {
                    each.put(figure.key, tenths(figure.value.applyAsDouble(round)));
                }
            }
            ArrayNode problems = scenario.putArray("problems");
            played.problems.forEach(problems::add);
        }
        return top.toPrettyString();
    }

    static String name(Scenario scenario) {
        return scenario.name().toLowerCase(Locale.ROOT);
    }

    private static double median(List<Double> sorted) {
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private static double tenths(double value) {
        return Math.round(value * 10) / 10.0;
    }

    private static String text(double value) {
        return value >= 10 || value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.1f", value);
    }
}
