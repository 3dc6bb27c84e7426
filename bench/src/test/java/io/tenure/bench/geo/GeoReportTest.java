package io.tenure.bench.geo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tenure.bench.LoadReport;
import io.tenure.bench.geo.Timeline.Seen;
import io.tenure.bench.geo.Timeline.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GeoReportTest {
    @TempDir
    Path folder;

    private final RoundTrips trips = RoundTrips.of(
            List.of("a", "b", "c"), (from, to) -> from.equals(to) ? 1 : from.equals("c") || to.equals("c") ? 30 : 20);

    private static RegionFigures figures(Line line, String region, long millis) {
        Histogram latencies = new Histogram(3_600_000_000_000L, 3);
        latencies.recordValueWithCount(millis * 1_000_000, 50);
        LoadReport report = new LoadReport(GeoPlan.of(line), 10, latencies, 5, 1, 2);
        return RegionFigures.of(region, line, report, new IllegalStateException("too < late"));
    }

    private static Seen seen(String region, boolean writes, double gap) {
        return new Seen(region, writes, gap, 40, 12, writes ? 3 : 0, 0, "late", List.of(new Step(-500, 10, 20)));
    }

    private GeoResults results() {
        List<RegionFigures> figures = new ArrayList<>();
        List<Seen> seen = new ArrayList<>();
        for (String region : trips.regions()) {
            figures.add(figures(Line.SET, region, 42));
            seen.add(seen(region, true, 1_234));
            seen.add(seen(region, false, 567));
        }
        Timeline timeline = new Timeline("crash", "it ends", "a", -2_000, 1, 6_000, 12_000, "b", seen);
        SystemNote note = new SystemNote("Tenure", "1", List.of("as it comes"), List.of());
        return new GeoResults(
                "Title",
                "emulated",
                trips,
                trips,
                Map.of("CPU", "two"),
                Map.of("date", "today"),
                List.of(new SystemResults(note, "a", figures, List.of(timeline), List.of("it was late"))),
                List.of("etcd is left out"));
    }

    @Test
    void figuresStandBesideTheirFloors() {
        String page = GeoReport.of(results(), "geo.png").markdown();
        assertThat(page)
                .contains(
                        "The largest difference is 0.0 ms.",
                        "| a | 1.0 (1.0) | 20.0 (20.0) | 30.0 (30.0) |",
                        "| SET | a | 100/s | 21.0 | 42.0 | 21.0 | 2.00 | 42.0 | 42.0 | 5 | 3 |",
                        "| SET | c | 100/s | 50.0 | 42.0 | -8.0 | 0.84 | 42.0 | 42.0 | 5 | 3 |",
                        "| crash: it ends | 1,234 / 567 | 1,234 / 567 | 1,234 / 567 | b | 9 |",
                        "| (before) | 12 / 12 |",
                        "- crash, a, writes: 3 not done, 0 of unknown outcome; the first: late\n",
                        "- etcd is left out\n- Tenure, it was late\n")
                .doesNotContain("Side by side");
    }

    @Test
    void filesHoldAllOfIt() throws Exception {
        ResultFiles.write(folder, results());
        assertThat(folder.resolve("geo.html")).content().contains("<td>1,234 / 567</td>", "<img src=\"geo.png\"");
        assertThat(folder.resolve(ResultFiles.PICTURE)).isNotEmptyFile();
        GeoResults read = new ObjectMapper().readValue(Files.readString(folder.resolve("geo.json")), GeoResults.class);
        assertThat(read).isEqualTo(results());
        assertThat(read.systems().get(0).figures().get(0).latencies().getTotalCount())
                .isEqualTo(50);
        try (HistogramLogReader log =
                new HistogramLogReader(folder.resolve("geo.hlog").toFile())) {
            Histogram first = (Histogram) log.nextIntervalHistogram();
            assertThat(first.getTag()).isEqualTo("Tenure/SET/a");
            assertThat(first.getValueAtPercentile(50)).isBetween(41_900_000L, 42_100_000L);
        }
    }
}
