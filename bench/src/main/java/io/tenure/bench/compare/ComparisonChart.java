package io.tenure.bench.compare;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;

/** The picture of a comparison: a row of the table a bar chart. */
final class ComparisonChart {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 320;
    private static final int COLUMNS = 2;
    private static final List<String> LABELS = List.of(
            "W1024 SET/s",
            "W64 SET/s",
            "W1 p50, us",
            "W64 p99, us",
            "R64 GET/s",
            "R1 p50, us",
            "CPU s of the nodes per 100k SET (W1024)",
            "resident MiB per node (after W1024)");

    private ComparisonChart() {}

    /**
     * Draws into a PNG file.
     *
     * @return whether there was anything to draw
     * @throws IOException if the file can't be written, or this machine can't draw (no fonts, say)
     */
    static boolean write(Path file, Results results) throws IOException {
        System.setProperty("java.awt.headless", "true");
        List<CategoryChart> charts = new ArrayList<>();
        try {
            for (Row row : Row.ALL) {
                if (LABELS.contains(row.label())) {
                    addIfMeasured(charts, row, results);
                }
            }
            if (charts.isEmpty()) {
                return false;
            }
            int columns = Math.min(COLUMNS, charts.size());
            try (OutputStream out = Files.newOutputStream(file)) {
                int lines = (charts.size() + columns - 1) / columns;
                BitmapEncoder.saveBitmap(charts, lines, columns, out, BitmapEncoder.BitmapFormat.PNG);
            }
            return true;
        } catch (LinkageError | InternalError e) {
            throw new IOException("this JVM can't draw: " + e, e);
        }
    }

    private static void addIfMeasured(List<CategoryChart> charts, Row row, Results results) {
        List<String> names = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        for (SystemInfo system : results.systems()) {
            OptionalDouble value = row.of(results, system.name());
            if (value.isPresent() && !system.name().equals(Systems.ECHO)) {
                names.add(system.title());
                values.add(value.getAsDouble());
            }
        }
        if (names.isEmpty()) {
            return;
        }
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(row.label() + (row.larger() ? " (more is better)" : " (less is better)"))
                .build();
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setLabelsVisible(true);
        chart.getStyler().setDecimalPattern(row.digits() > 0 ? "#,##0.00" : "#,##0");
        chart.getStyler().setAvailableSpaceFill(0.6);
        chart.addSeries("median", names, values);
        charts.add(chart);
    }
}
