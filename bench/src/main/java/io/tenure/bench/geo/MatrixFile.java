package io.tenure.bench.geo;

import io.tenure.bench.geo.Matrix.Way;
import io.tenure.bench.relay.Cut;
import io.tenure.bench.relay.LinkConditions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Reads a matrix; what a line means is told at the beginning of those that come with this program. */
final class MatrixFile {
    private static final List<String> OPTIONS = List.of("rtt", "delay", "jitter", "mbit", "life");
    private static final double BYTES_PER_MBIT = 125_000;
    private static final double MORE_THAN_ANY = 1e6;

    private final String file;
    private final Set<String> regions = new LinkedHashSet<>();
    private final Map<Way, LinkConditions> ways = new LinkedHashMap<>();
    private int line;

    private MatrixFile(String file) {
        this.file = file;
    }

    /**
     * Reads lines.
     *
     * @param file for complaints
     * @throws IllegalArgumentException that names file and line, and what is wrong
     */
    static Matrix parse(String name, String file, List<String> lines) {
        MatrixFile matrix = new MatrixFile(file);
        for (String text : lines) {
            matrix.line++;
            String rule = text.replaceFirst("#.*", "").strip();
            if (!rule.isEmpty()) {
                matrix.take(new ArrayList<>(Arrays.asList(rule.split("\\s+"))));
            }
        }
        matrix.checkComplete();
        return new Matrix(name, new ArrayList<>(matrix.regions), matrix.ways);
    }

    private void take(List<String> words) {
        boolean isOneWay = words.remove(">");
        if (words.size() < 3) {
            throw wrong("a line takes: FROM TO rtt=MS, or: FROM > TO delay=MS");
        }
        String from = words.get(0);
        String to = words.get(1);
        Map<String, Double> options = options(words.subList(2, words.size()));
        String time = isOneWay ? "delay" : "rtt";
        if (!options.containsKey(time) || options.containsKey(isOneWay ? "rtt" : "delay")) {
            throw wrong(isOneWay ? "one way alone takes delay=MS" : "there and back takes rtt=MS");
        }
        LinkConditions conditions = new LinkConditions(
                millis(isOneWay ? options.get("delay") : options.get("rtt") / 2),
                millis(options.getOrDefault("jitter", 0.0)),
                Math.round(options.getOrDefault("mbit", 0.0) * BYTES_PER_MBIT),
                millis(options.getOrDefault("life", 0.0) * 1e3),
                Cut.NONE);
        regions.add(from);
        regions.add(to);
        ways.put(new Way(from, to), conditions);
        if (!isOneWay) {
            ways.put(new Way(to, from), conditions);
        }
    }

    private Map<String, Double> options(List<String> words) {
        Map<String, Double> options = new TreeMap<>();
        for (String word : words) {
            String[] parts = word.split("=", 2);
            if (parts.length < 2 || !OPTIONS.contains(parts[0])) {
                throw wrong("'" + word + "' is none of " + String.join("=, ", OPTIONS) + "=");
            }
            options.put(parts[0], number(word, parts[1]));
        }
        return options;
    }

    private double number(String word, String digits) {
        try {
            double number = Double.parseDouble(digits);
            if (number >= 0 && number <= MORE_THAN_ANY) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw wrong("'" + word + "' has no number");
        }
        throw wrong("'" + word + "' is not in 0.." + (long) MORE_THAN_ANY);
    }

    private static Duration millis(double millis) {
        return Duration.ofNanos(Math.round(millis * 1e6));
    }

    private void checkComplete() {
        if (regions.isEmpty()) {
            throw new IllegalArgumentException(file + " names no regions");
        }
        for (String from : regions) {
            for (String to : regions) {
                if (!ways.containsKey(new Way(from, to))) {
                    throw new IllegalArgumentException(file + " has no way from " + from + " to " + to);
                }
            }
        }
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(file + ":" + line + ": " + what);
    }
}
