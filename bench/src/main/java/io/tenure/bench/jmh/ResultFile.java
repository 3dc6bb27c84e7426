package io.tenure.bench.jmh;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.StringJoiner;

/**
 * What a run of {@code benchmarks.jar} wrote with {@code -rf json}.
 *
 * @param figures in the order of the file
 */
record ResultFile(Map<Subject, Figure> figures) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PACKAGE = "io.tenure.bench.jmh.";

    /** Percentiles of a benchmark that samples, as JMH calls them. */
    private static final Map<String, String> PERCENTILES = Map.of("50.0", "p50", "99.0", "p99");

    /**
     * What was measured.
     *
     * @param benchmark class and method, without our package
     * @param figure which of its figures: "" for the score, else p50 or p99
     * @param mode as JMH abbreviates it
     * @param threads that measured
     * @param params by name, as {@code batch=64 valueBytes=100}
     */
    record Subject(String benchmark, String figure, String mode, int threads, String params) {}

    /**
     * What came of it.
     *
     * @param error half the width of the confidence interval, if there were enough iterations to tell
     * @param allocatedBytes per operation, if the GC profiler was on
     */
    record Figure(double score, OptionalDouble error, String unit, OptionalDouble allocatedBytes) {}

    /**
     * Reads one.
     *
     * @throws IOException if it can't be read or is no such file; the message is for people
     */
    static ResultFile read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("there is no file " + file);
        }
        JsonNode root;
        try {
            root = JSON.readTree(Files.readAllBytes(file));
        } catch (JacksonException e) {
            throw new IOException(file + " is not JSON: " + e.getOriginalMessage(), e);
        }
        if (!root.isArray() || root.isEmpty()) {
            throw new IOException(file + " holds no results of benchmarks.jar: it should be an array of them");
        }
        Map<Subject, Figure> figures = new LinkedHashMap<>();
        for (int i = 0; i < root.size(); i++) {
            add(figures, root.get(i), file + ": result " + (i + 1));
        }
        return new ResultFile(figures);
    }

    private static void add(Map<Subject, Figure> figures, JsonNode result, String what) throws IOException {
        JsonNode metric = result.path("primaryMetric");
        String benchmark = text(result, "benchmark", what);
        String unit = text(metric, "scoreUnit", what);
        OptionalDouble score = number(metric.path("score"));
        if (score.isEmpty()) {
            throw new IOException(what + " has no score");
        }
        Subject subject = new Subject(
                benchmark.startsWith(PACKAGE) ? benchmark.substring(PACKAGE.length()) : benchmark,
                "",
                text(result, "mode", what),
                result.path("threads").asInt(1),
                params(result.path("params")));
        OptionalDouble allocated = allocated(result.path("secondaryMetrics"));
        Figure figure = new Figure(score.getAsDouble(), number(metric.path("scoreError")), unit, allocated);
        if (figures.put(subject, figure) != null) {
            throw new IOException(what + " is about " + benchmark + " with the same parameters as one before");
        }
        if (subject.mode().equals("sample")) {
            for (String percentile : new String[] {"50.0", "99.0"}) {
                OptionalDouble value = number(metric.path("scorePercentiles").path(percentile));
                if (value.isPresent()) {
                    figures.put(
                            new Subject(
                                    subject.benchmark(),
                                    PERCENTILES.get(percentile),
                                    subject.mode(),
                                    subject.threads(),
                                    subject.params()),
                            new Figure(value.getAsDouble(), OptionalDouble.empty(), unit, OptionalDouble.empty()));
                }
            }
        }
    }

    /** Bytes an operation; older versions of JMH put a dot before the name. */
    private static OptionalDouble allocated(JsonNode metrics) {
        OptionalDouble now = number(metrics.path("gc.alloc.rate.norm").path("score"));
        return now.isPresent()
                ? now
                : number(metrics.path("\u00b7gc.alloc.rate.norm").path("score"));
    }

    private static String params(JsonNode params) {
        StringJoiner all = new StringJoiner(" ");
        params.properties()
                .forEach(each -> all.add(each.getKey() + "=" + each.getValue().asText()));
        return all.toString();
    }

    private static String text(JsonNode node, String name, String what) throws IOException {
        if (!node.path(name).isTextual()) {
            throw new IOException(what + " has no " + name);
        }
        return node.path(name).asText();
    }

    /** JMH writes what it can't tell as "NaN". */
    private static OptionalDouble number(JsonNode node) {
        return node.isNumber() ? OptionalDouble.of(node.asDouble()) : OptionalDouble.empty();
    }
}
