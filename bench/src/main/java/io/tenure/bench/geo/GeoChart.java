package io.tenure.bench.geo;

import io.tenure.bench.geo.Timeline.Seen;
import io.tenure.bench.geo.Timeline.Step;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The picture of a run: latencies of each line by region, and successes over time around each fault. */
final class GeoChart {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 320;
    private static final int COLUMNS = 2;
    private static final double MILLIS_PER_SECOND = 1_000;

    private GeoChart() {}

    /**
     * Draws into a PNG file.
     *
     * @throws IOException if the file can't be written, or this machine can't draw (no fonts, say)
     */
    static void write(Path file, GeoResults results) throws IOException {
        System.setProperty("java.awt.headless", "true");
        try {
            List<Chart<?, ?>> charts = charts(results);
            int rows = (charts.size() + COLUMNS - 1) / COLUMNS;
            BufferedImage picture =
                    new BufferedImage(COLUMNS * WIDTH, Math.max(1, rows) * HEIGHT, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = picture.createGraphics();
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
            for (int i = 0; i < charts.size(); i++) {
                BufferedImage chart = BitmapEncoder.getBufferedImage(charts.get(i));
                graphics.drawImage(chart, i % COLUMNS * WIDTH, i / COLUMNS * HEIGHT, null);
            }
            graphics.dispose();
            ImageIO.write(picture, "png", file.toFile());
        } catch (LinkageError | InternalError e) {
            throw new IOException("this JVM can't draw: " + e, e);
        }
    }

    private static List<Chart<?, ?>> charts(GeoResults results) {
        List<Chart<?, ?>> charts = new ArrayList<>();
        for (Line line : Line.TENURE) {
            if (results.systems().stream()
                    .anyMatch(system -> system.figures().stream()
                            .anyMatch(each -> each.line().equals(line.name())))) {
                charts.add(latencies(line, results));
            }
        }
        for (SystemResults system : results.systems()) {
            system.timelines()
                    .forEach(timeline -> charts.add(overTime(system.note().name(), timeline)));
        }
        return charts;
    }

    private static CategoryChart latencies(Line line, GeoResults results) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(line.name() + ", ms by region of the client (less is better)")
                .build();
        chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNW);
        chart.getStyler().setLabelsVisible(true);
        chart.getStyler().setDecimalPattern("#,##0");
        List<String> regions = results.measured().regions();
        String leader = results.systems().get(0).leader();
        chart.addSeries(
                "floor",
                regions,
                regions.stream()
                        .map(region -> line.floor().millis(results.measured(), region, leader))
                        .toList());
        for (SystemResults system : results.systems()) {
            List<RegionFigures> figures = regions.stream()
                    .flatMap(region -> system.figures(region, line).stream())
                    .toList();
            if (figures.size() == regions.size()) {
                String name = system.note().name();
                chart.addSeries(
                        name + " p50",
                        regions,
                        figures.stream().map(RegionFigures::p50Millis).toList());
                chart.addSeries(
                        name + " p99",
                        regions,
                        figures.stream().map(RegionFigures::p99Millis).toList());
            }
        }
        return chart;
    }

    private static XYChart overTime(String system, Timeline timeline) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(system + ", " + timeline.fault() + " at 0: successes of all clients")
                .xAxisTitle("s")
                .yAxisTitle("per second")
                .build();
        chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNW);
        add(chart, "reads", timeline, false);
        add(chart, "writes", timeline, true);
        return chart;
    }

    private static void add(XYChart chart, String name, Timeline timeline, boolean writes) {
        Map<Double, Double> perSecond = new TreeMap<>();
        List<Step> steps = timeline.regions().stream()
                .filter(seen -> seen.writes() == writes)
                .map(Seen::steps)
                .flatMap(List::stream)
                .toList();
        double first = steps.stream().mapToDouble(Step::atMillis).min().orElse(0);
        double last = steps.stream().mapToDouble(Step::atMillis).max().orElse(0);
        // Of the first and the last step only a part was seen.
        for (double at = first + Timeline.STEP_MILLIS; at < last; at += Timeline.STEP_MILLIS) {
            perSecond.put(at / MILLIS_PER_SECOND, 0.0);
        }
        for (Step step : steps) {
            perSecond.computeIfPresent(
                    step.atMillis() / MILLIS_PER_SECOND,
                    (at, sum) -> sum + step.succeeded() * MILLIS_PER_SECOND / Timeline.STEP_MILLIS);
        }
        if (!perSecond.isEmpty()) {
            chart.addSeries(name, new ArrayList<>(perSecond.keySet()), new ArrayList<>(perSecond.values()))
                    .setMarker(SeriesMarkers.NONE);
        }
    }
}
