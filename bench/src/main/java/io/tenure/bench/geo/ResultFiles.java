package io.tenure.bench.geo;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/** The files of a run: for people, for programs, and the raw histograms. */
final class ResultFiles {
    static final String PICTURE = "geo.png";

    private static final ObjectMapper JSON = new ObjectMapper();

    private ResultFiles() {}

    /** Writes them all; the page in Markdown is returned. */
    static String write(Path folder, GeoResults results) throws IOException {
        Files.createDirectories(folder);
        Page page = GeoReport.of(results, PICTURE);
        Files.writeString(folder.resolve("geo.md"), page.markdown());
        Files.writeString(folder.resolve("geo.html"), page.html(results.title()));
        Files.writeString(
                folder.resolve("geo.json"),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(results) + "\n");
        GeoChart.write(folder.resolve(PICTURE), results);
        writeHistograms(folder.resolve("geo.hlog"), results);
        return page.markdown();
    }

    /** A log of histograms, one an interval, tagged with system, line and region; in nanoseconds. */
    private static void writeHistograms(Path file, GeoResults results) throws IOException {
        try (FileOutputStream out = new FileOutputStream(file.toFile())) {
            HistogramLogWriter log = new HistogramLogWriter(out);
            log.outputLogFormatVersion();
            log.outputComment("[latencies in nanoseconds; tags: system/operation/region of the clients]");
            log.outputLegend();
            for (SystemResults system : results.systems()) {
                for (RegionFigures figures : system.figures()) {
                    Histogram latencies = figures.latencies();
                    latencies.setStartTimeStamp(0); // It says nothing: regions and lines are told apart by the tag.
                    latencies.setEndTimeStamp(0);
                    latencies.setTag(
                            (system.note().name() + "/" + figures.line() + "/" + figures.region()).replace(' ', '_'));
                    log.outputIntervalHistogram(latencies);
                }
            }
            log.close();
        }
    }
}
