package io.tenure.bench.geo;

import io.tenure.bench.geo.Timeline.Seen;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
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
    private static final double CATCHING_UP_MAX = 3;

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
        below(chart.getStyler());
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
        below(chart.getStyler());
        chart.getStyler().setXAxisDecimalPattern("0");
        // Clients that catch up would make all else look small.
        double usual = Math.max(usual(timeline, true), usual(timeline, false));
        chart.getStyler().setYAxisMin(0.0).setYAxisMax(Math.max(1, usual * CATCHING_UP_MAX));
        add(chart, "reads", timeline, false);
        add(chart, "writes", timeline, true);
        return chart;
    }

    private static void below(Styler styler) {
        styler.setLegendPosition(Styler.LegendPosition.OutsideS);
        styler.setLegendLayout(Styler.LegendLayout.Horizontal);
        styler.setChartBackgroundColor(Color.WHITE);
    }

    /** The largest number of successes in a second of a step before the fault struck. */
    private static double usual(Timeline timeline, boolean writes) {
        return perSecond(timeline, writes).headMap(0.0).values().stream()
                .mapToDouble(each -> each)
                .max()
                .orElse(0);
    }

    private static void add(XYChart chart, String name, Timeline timeline, boolean writes) {
        SortedMap<Double, Double> perSecond = perSecond(timeline, writes);
        chart.addSeries(name, new ArrayList<>(perSecond.keySet()), new ArrayList<>(perSecond.values()))
                .setMarker(SeriesMarkers.NONE);
    }

    /** By seconds since it struck. */
    private static SortedMap<Double, Double> perSecond(Timeline timeline, boolean writes) {
        SortedMap<Double, Double> perSecond = new TreeMap<>();
        long first = Math.round(timeline.beginMillis() / Timeline.STEP_MILLIS);
        long last = Math.round(timeline.endMillis() / Timeline.STEP_MILLIS);
        // Of the first and the last step only a part was seen.
        for (long step = first + 1; step < last - 1; step++) {
            perSecond.put(step * Timeline.STEP_MILLIS / MILLIS_PER_SECOND, 0.0);
        }
        timeline.regions().stream()
                .filter(seen -> seen.writes() == writes)
                .map(Seen::steps)
                .flatMap(List::stream)
                .forEach(step -> perSecond.computeIfPresent(
                        step.atMillis() / MILLIS_PER_SECOND,
                        (at, sum) -> sum + step.succeeded() * MILLIS_PER_SECOND / Timeline.STEP_MILLIS));
        return perSecond;
    }
}
