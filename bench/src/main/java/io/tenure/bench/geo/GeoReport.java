package io.tenure.bench.geo;

import io.tenure.bench.geo.Timeline.Seen;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What people read of a run. */
final class GeoReport {
    private final GeoResults results;
    private final RoundTrips trips;
    private final Page page = new Page();

    private GeoReport(GeoResults results) {
        this.results = results;
        trips = results.measured();
    }

    /**
     * The whole page.
     *
     * @param picture file name of the charts
     */
    static Page of(GeoResults results, String picture) {
        GeoReport report = new GeoReport(results);
        report.head(picture);
        report.roundTrips();
        results.systems().forEach(report::latencies);
        if (results.systems().size() > 1) {
            report.sideBySide();
        }
        results.systems().stream()
                .filter(system -> !system.timelines().isEmpty())
                .forEach(report::timelines);
        report.foot();
        return report.page;
    }

    private void head(String picture) {
        page.heading(1, results.title());
        page.paragraph("A node and clients in each region; " + results.network()
                + ". All regions are under load at the same time; each figure is what clients of one region see.");
        page.picture(picture, "latencies by region, and what clients saw of each fault");
    }

    private void roundTrips() {
        page.heading(2, "Round trips");
        RoundTrips wanted = results.wanted();
        page.paragraph(
                wanted == null
                        ? "Milliseconds, as measured between the hosts (time to connect, median)."
                        : "Milliseconds, measured through the network by an echo (median), and in brackets what the matrix asks"
                                + " for. The largest difference is " + millis(trips.largestDifference(wanted))
                                + " ms.");
        List<String> head = new ArrayList<>(List.of("from"));
        head.addAll(trips.regions());
        List<List<String>> rows = new ArrayList<>();
        for (String from : trips.regions()) {
            List<String> row = new ArrayList<>(List.of(from));
            for (String to : trips.regions()) {
                row.add(millis(trips.between(from, to))
                        + (wanted == null ? "" : " (" + millis(wanted.between(from, to)) + ")"));
            }
            rows.add(row);
        }
        page.table(head, rows);
    }

    private void latencies(SystemResults system) {
        page.heading(2, system.note().name() + ", leader in " + system.leader());
        page.paragraph(
                "Latencies in milliseconds. The floor is what the distances as measured cost: of a write, and of a read"
                        + " that a majority confirms, the way to the leader and its way to the nearest majority; of a read by lease,"
                        + " the way to the leader. \"above\" is p50 less the floor.");
        List<List<String>> rows = new ArrayList<>();
        for (Line line : Line.TENURE) {
            for (String region : trips.regions()) {
                system.figures(region, line).ifPresent(figures -> rows.add(row(system, line, figures)));
            }
        }
        page.table(
                List.of(
                        "operation",
                        "clients in",
                        "pace",
                        "floor",
                        "p50",
                        "above",
                        "x floor",
                        "p99",
                        "max",
                        "per s",
                        "failed"),
                rows);
    }

    private List<String> row(SystemResults system, Line line, RegionFigures figures) {
        double floor = line.floor().millis(trips, figures.region(), system.leader());
        return List.of(
                line.name(),
                figures.region(),
                line.pace(),
                millis(floor),
                millis(figures.p50Millis()),
                millis(figures.p50Millis() - floor),
                String.format(Locale.ROOT, "%.2f", figures.p50Millis() / floor),
                millis(figures.p99Millis()),
                millis(figures.maxMillis()),
                String.format(Locale.ROOT, "%,.0f", figures.opsPerSecond()),
                Long.toString(figures.errors() + figures.unknown()));
    }

    private void sideBySide() {
        page.heading(2, "Side by side");
        page.paragraph("p50 / p99 in milliseconds. Every system had its leader in the region named above.");
        List<String> head = new ArrayList<>(List.of("operation", "clients in", "floor"));
        results.systems().forEach(system -> head.add(system.note().name()));
        List<List<String>> rows = new ArrayList<>();
        for (Line line : Line.TENURE) {
            for (String region : trips.regions()) {
                List<String> row = new ArrayList<>(List.of(
                        line.name(),
                        region,
                        millis(line.floor()
                                .millis(trips, region, results.systems().get(0).leader()))));
                for (SystemResults system : results.systems()) {
                    Optional<RegionFigures> figures = system.figures(region, line);
                    row.add(figures.map(each -> millis(each.p50Millis()) + " / " + millis(each.p99Millis()))
                            .orElse("-"));
                }
                rows.add(row);
            }
        }
        page.table(head, rows);
    }

    private void timelines(SystemResults system) {
        page.heading(2, "When something happens to the leader: " + system.note().name());
        page.paragraph(
                "The longest time without a successful write / read of clients of a region, in milliseconds, with what it is"
                        + " when nothing happens in the line \"(before)\". Clients in every region keep up a fixed rate, half writes, half"
                        + " reads, whatever comes back. \"mended\" is the longest time without success that began after it was mended.");
        List<String> head = new ArrayList<>(List.of("what happens"));
        trips.regions().forEach(region -> head.add(region));
        head.addAll(List.of("leads then", "failed"));
        List<List<String>> rows = new ArrayList<>();
        for (Timeline timeline : system.timelines()) {
            rows.add(row(timeline, timeline.fault() + ": " + timeline.description(), Seen::gapMillis));
            rows.add(row(timeline, "(before)", Seen::usualGapMillis));
            rows.add(row(timeline, "(mended)", Seen::mendGapMillis));
        }
        page.table(head, rows);
        List<String> failures = new ArrayList<>();
        for (Timeline timeline : system.timelines()) {
            timeline.regions().stream()
                    .filter(seen -> seen.errors() + seen.unknown() > 0)
                    .forEach(seen -> failures.add(timeline.fault() + ", " + seen.region() + ", "
                            + (seen.writes() ? "writes" : "reads") + ": " + seen.errors() + " not done, "
                            + seen.unknown()
                            + " of unknown outcome; the first: " + seen.firstError()));
        }
        if (!failures.isEmpty()) {
            page.paragraph("What failed:");
            page.items(failures);
        }
    }

    private List<String> row(Timeline timeline, String label, java.util.function.ToDoubleFunction<Seen> gap) {
        List<String> row = new ArrayList<>(List.of(label));
        for (String region : trips.regions()) {
            row.add(whole(timeline.seen(region, true).map(gap::applyAsDouble)) + " / "
                    + whole(timeline.seen(region, false).map(gap::applyAsDouble)));
        }
        boolean isFirst = !label.startsWith("(");
        row.add(isFirst ? (timeline.nextLeader().isEmpty() ? "nobody" : timeline.nextLeader()) : "");
        row.add(
                isFirst
                        ? Long.toString(timeline.regions().stream()
                                .mapToLong(seen -> seen.errors() + seen.unknown())
                                .sum())
                        : "");
        return row;
    }

    private void foot() {
        page.heading(2, "How");
        List<String> facts = new ArrayList<>();
        for (Map.Entry<String, String> fact : results.plan().entrySet()) {
            facts.add(fact.getKey() + ": " + fact.getValue());
        }
        for (Map.Entry<String, String> fact : results.machine().entrySet()) {
            facts.add(fact.getKey() + ": " + fact.getValue());
        }
        for (SystemResults system : results.systems()) {
            SystemNote note = system.note();
            facts.add(note.name() + " " + note.version() + ": " + String.join("; ", note.settings()) + ". "
                    + String.join(" ", note.caveats()));
        }
        page.items(facts);
        List<String> troubles = new ArrayList<>(results.leftOut());
        for (SystemResults system : results.systems()) {
            system.troubles().forEach(trouble -> troubles.add(system.note().name() + ", " + trouble));
        }
        if (!troubles.isEmpty()) {
            page.heading(2, "What did not go as it should");
            page.items(troubles);
        }
    }

    private static String millis(double millis) {
        return String.format(Locale.ROOT, "%,.1f", millis);
    }

    private static String whole(Optional<Double> millis) {
        return millis.map(each -> String.format(Locale.ROOT, "%,.0f", each)).orElse("-");
    }
}
