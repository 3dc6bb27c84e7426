package io.tenure.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The picture of a load run: latency by percentile, and throughput and latency over time. */
final class LoadChart {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 420;
    /** Enough for 99.999%. */
    private static final double NINES_MAX = 5;

    private static final double NINES_STEP = 0.05;

    private LoadChart() {}

    /**
     * Draws into a PNG file.
     *
     * @throws IOException if the file can't be written, or this machine can't draw (no fonts, say)
     */
    static void write(Path file, LoadReport report, List<Latencies.Interval> intervals) throws IOException {
        String title = report.toText().split(":", 2)[0];
        try (var out = java.nio.file.Files.newOutputStream(file)) {
            System.setProperty("java.awt.headless", "true");
            List<XYChart> charts = new ArrayList<>();
            charts.add(byPercentile(title, report.latencies()));
            if (!intervals.isEmpty()) {
                charts.add(throughput(intervals));
                charts.add(overTime(intervals));
            }
            BitmapEncoder.saveBitmap(charts, charts.size(), 1, out, BitmapEncoder.BitmapFormat.PNG);
        } catch (LinkageError | InternalError e) {
            throw new IOException("this JVM can't draw: " + e, e);
        }
    }

    private static XYChart byPercentile(String title, Histogram latencies) {
        List<Double> nines = new ArrayList<>();
        List<Double> millis = new ArrayList<>();
        for (double n = 0; n <= NINES_MAX; n += NINES_STEP) {
            nines.add(n);
            millis.add(Math.max(1e-3, latencies.getValueAtPercentile(100 * (1 - Math.pow(10, -n))) / 1e6));
        }
        XYChart chart = chart("Latency, " + title, "nines (1 = 90%, 2 = 99%, 3 = 99.9%)", "ms");
        chart.getStyler().setYAxisLogarithmic(true);
        chart.addSeries("latency", nines, millis).setMarker(SeriesMarkers.NONE);
        return chart;
    }

    private static XYChart throughput(List<Latencies.Interval> intervals) {
        XYChart chart = chart("Throughput", "s", "operations/s");
        List<Double> seconds =
                intervals.stream().map(Latencies.Interval::untilSeconds).toList();
        chart.addSeries(
                        "operations/s",
                        seconds,
                        intervals.stream().map(Latencies.Interval::opsPerSecond).toList())
                .setMarker(SeriesMarkers.NONE);
        return chart;
    }

    private static XYChart overTime(List<Latencies.Interval> intervals) {
        XYChart chart = chart("Latency over time", "s", "us");
        chart.getStyler().setLegendVisible(true);
        List<Double> seconds =
                intervals.stream().map(Latencies.Interval::untilSeconds).toList();
        chart.addSeries(
                        "p50",
                        seconds,
                        intervals.stream().map(Latencies.Interval::p50Micros).toList())
                .setMarker(SeriesMarkers.NONE);
        chart.addSeries(
                        "p99",
                        seconds,
                        intervals.stream().map(Latencies.Interval::p99Micros).toList())
                .setMarker(SeriesMarkers.NONE);
        return chart;
    }

    private static XYChart chart(String title, String x, String y) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .build();
        chart.getStyler().setLegendVisible(false);
        return chart;
    }
}
