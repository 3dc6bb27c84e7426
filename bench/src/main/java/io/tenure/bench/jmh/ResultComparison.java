package io.tenure.bench.jmh;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;

/** Two runs of {@code benchmarks.jar} side by side, as a table in Markdown. */
public final class ResultComparison {
    private static final String NONE = "-";

    private ResultComparison() {}

    /**
     * The table: a line for each benchmark of either file, three for one that samples (mean, p50, p99). A ratio in bold is a change
     * beyond the errors of both scores.
     *
     * @throws IOException if a file can't be read or holds no results, or if they have nothing in common; the message says which
     */
    public static String markdown(Path before, Path after) throws IOException {
        ResultFile old = ResultFile.read(before);
        ResultFile now = ResultFile.read(after);
        Set<ResultFile.Subject> subjects = new LinkedHashSet<>(old.figures().keySet());
        subjects.retainAll(now.figures().keySet());
        if (subjects.isEmpty()) {
            throw new IOException(before + " and " + after + " have no benchmark with the same parameters in common");
        }
        subjects.addAll(old.figures().keySet());
        subjects.addAll(now.figures().keySet());
        List<String> lines = new ArrayList<>();
        lines.add("| benchmark | parameters | before | after | unit | better | after / before | bytes/op before"
                + " | bytes/op after |");
        lines.add("|---|---|---:|---:|---|---|---:|---:|---:|");
        for (ResultFile.Subject subject : subjects) {
            lines.add(line(subject, old.figures().get(subject), now.figures().get(subject)));
        }
        return String.join("\n", lines) + "\n";
    }

    private static String line(ResultFile.Subject subject, ResultFile.Figure before, ResultFile.Figure after) {
        ResultFile.Figure either = before != null ? before : after;
        String name = subject.benchmark() + (subject.figure().isEmpty() ? "" : " " + subject.figure());
        String threads = subject.threads() == 1 ? "" : " threads=" + subject.threads();
        return "| "
                + String.join(
                        " | ",
                        name,
                        cell(subject.params() + threads),
                        score(before),
                        score(after),
                        unit(before, after),
                        either.unit().startsWith("ops/") ? "more" : "less",
                        ratio(before, after),
                        allocated(before),
                        allocated(after))
                + " |";
    }

    private static String cell(String text) {
        return text.isBlank() ? NONE : text.strip().replace("|", "\\|");
    }

    private static String unit(ResultFile.Figure before, ResultFile.Figure after) {
        if (before == null || after == null || before.unit().equals(after.unit())) {
            return before != null ? before.unit() : after.unit();
        }
        return before.unit() + ", then " + after.unit();
    }

    private static String score(ResultFile.Figure figure) {
        if (figure == null) {
            return NONE;
        }
        OptionalDouble error = figure.error();
        return plain(figure.score()) + (error.isPresent() ? " \u00b1 " + plain(error.getAsDouble()) : "");
    }

    private static String ratio(ResultFile.Figure before, ResultFile.Figure after) {
        if (before == null || after == null || !before.unit().equals(after.unit()) || !(before.score() > 0)) {
            return NONE;
        }
        String ratio = String.format(Locale.ROOT, "%.2fx", after.score() / before.score());
        return isBeyondErrors(before, after) ? "**" + ratio + "**" : ratio;
    }

    private static boolean isBeyondErrors(ResultFile.Figure before, ResultFile.Figure after) {
        return before.error().isPresent()
                && after.error().isPresent()
                && Math.abs(after.score() - before.score())
                        > before.error().getAsDouble() + after.error().getAsDouble();
    }

    private static String allocated(ResultFile.Figure figure) {
        return figure == null || figure.allocatedBytes().isEmpty()
                ? NONE
                : plain(figure.allocatedBytes().getAsDouble());
    }

    /** Three digits that count, or all before the point. */
    private static String plain(double value) {
        double size = Math.abs(value);
        String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 0.001 || size == 0 ? "%.3f" : "%.1e";
        return String.format(Locale.ROOT, format, value);
    }
}
