package io.tenure.bench.compare;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** What people read of a comparison. */
final class MarkdownReport {
    private final Results results;
    private final StringBuilder text = new StringBuilder();

    private MarkdownReport(Results results) {
        this.results = results;
    }

    /** The whole page. */
    static String of(Results results, ComparisonPlan plan, Map<String, String> machine, String chart) {
        MarkdownReport report = new MarkdownReport(results);
        report.header(plan, machine, chart);
        report.table();
        report.floors();
        report.troubles();
        report.systems();
        return report.text.toString();
    }

    private void header(ComparisonPlan plan, Map<String, String> machine, String chart) {
        line("# Side by side");
        line("");
        line(String.format(
                Locale.ROOT,
                "Three node processes of each system on one machine, one client process, loopback; %s, in each of"
                        + " which every system starts on empty folders of the same disk and runs all lines; windows of %s"
                        + " s after %s s of warm-up; medians over rounds. W1, W64, W1024: SET with 1, 64, 1,024 under"
                        + " way; R1, R64: linearizable GET; %d-byte keys, %,d of them, %d-byte values.",
                plan.rounds() == 1 ? "1 round" : plan.rounds() + " rounds",
                plain(plan.seconds()),
                plain(plan.warmupSeconds()),
                Driver.KEY_BYTES,
                Driver.KEYS,
                Driver.VALUE_BYTES));
        line("");
        machine.forEach((name, fact) -> line("- " + name + ": " + fact));
        line("- forces per second of the disk, 192 bytes appended each: "
                + whole(results.forcesPerSecond(1)) + " by one writer, " + whole(results.forcesPerSecond(3))
                + " by three at once");
        line("");
        line("![chart](" + chart + ")");
        line("");
    }

    private static String plain(double seconds) {
        return seconds == Math.rint(seconds) ? Long.toString((long) seconds) : Double.toString(seconds);
    }

    private static String whole(OptionalDouble value) {
        return value.isEmpty() ? "-" : String.format(Locale.ROOT, "%,.0f", value.getAsDouble());
    }

    private List<SystemInfo> compared() {
        return results.systems().stream()
                .filter(system -> !system.name().equals(Systems.ECHO))
                .toList();
    }

    private void table() {
        line("## Figures");
        line("");
        line("*Tenure / best* is ours by that of the best other system of the row; *better* says which way is good."
                + " *Tenure x floor* is ours as a multiple of the floor.");
        line("");
        String names = compared().stream().map(SystemInfo::title).collect(Collectors.joining(" | "));
        line("| | " + names + " | better | best other | Tenure / best | floor | Tenure x floor |");
        line("|---|" + "---:|".repeat(compared().size()) + "---|---|---:|---:|---:|");
        for (Row row : Row.ALL) {
            if (compared().stream()
                    .noneMatch(system -> row.of(results, system.name()).isPresent())) {
                continue;
            }
            String figures = compared().stream()
                    .map(system -> row.text(row.of(results, system.name())))
                    .collect(Collectors.joining(" | "));
            Row.Best best = row.best(results);
            line("| " + row.label() + " | " + figures + " | " + (row.larger() ? "more" : "less") + " | "
                    + (best == null ? "-" : best.system().title()) + " | " + times(row.ratio(results)) + " | "
                    + row.text(row.floorValue(results)) + " | " + times(row.byFloor(results, Systems.TENURE)) + " |");
        }
        line("");
    }

    private static String times(OptionalDouble value) {
        return value.isEmpty() ? "-" : String.format(Locale.ROOT, "%.2fx", value.getAsDouble());
    }

    private void floors() {
        line("## Floors");
        line("");
        line(
                "Measured in the same run: an echo server with Tenure's frames and SDK, and bare appends and forces. The floor"
                        + " of W1 is two round trips to the echo (client to leader, leader to follower) and one of three"
                        + " concurrent forces. Each figure as a multiple of its floor:");
        line("");
        line("| | floor | " + compared().stream().map(SystemInfo::title).collect(Collectors.joining(" | ")) + " |");
        line("|---|---:|" + "---:|".repeat(compared().size()));
        for (Row row : Row.ALL) {
            if (row.floorValue(results).isPresent()) {
                line("| " + row.label() + " | " + row.text(row.floorValue(results)) + " | "
                        + compared().stream()
                                .map(system -> times(row.byFloor(results, system.name())))
                                .collect(Collectors.joining(" | "))
                        + " |");
            }
        }
        line("");
        line("One append and force: " + whole(results.forceMicros(1)) + " us alone, " + whole(results.forceMicros(3))
                + " us for one of three at once (p50).");
        line("");
    }

    private void troubles() {
        if (results.troubles().isEmpty()) {
            return;
        }
        line("## What could not be measured");
        line("");
        for (Results.Trouble trouble : results.troubles()) {
            line("- " + trouble.system() + ", round " + trouble.round()
                    + (trouble.line() == null ? "" : ", " + trouble.line()) + ": " + trouble.reason());
        }
        line("");
    }

    private void systems() {
        line("## Versions, settings, caveats");
        line("");
        for (SystemInfo system : results.systems()) {
            line("- **" + system.title() + "** " + system.version() + ": " + String.join("; ", system.settings()) + "."
                    + system.caveats().stream()
                            .map(caveat -> " *" + caveat + "*")
                            .collect(Collectors.joining()));
        }
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
