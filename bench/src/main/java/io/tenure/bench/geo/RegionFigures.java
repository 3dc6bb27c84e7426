package io.tenure.bench.geo;

import io.tenure.bench.LoadReport;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import org.HdrHistogram.Histogram;

/**
 * What clients of one region measured in one line.
 *
 * @param errors operations that are certainly not done, warm-up included
 * @param unknown operations that may or may not be done, warm-up included
 * @param firstError what the first of them said; empty if there was none
 * @param histogram of latencies in nanoseconds, as HdrHistogram compresses it, in base 64
 */
record RegionFigures(
        String region,
        String line,
        long operations,
        double opsPerSecond,
        double p50Millis,
        double p99Millis,
        double maxMillis,
        long errors,
        long unknown,
        String firstError,
        String histogram) {
    static RegionFigures of(String region, Line line, LoadReport report, Throwable firstError) {
        Histogram latencies = report.latencies();
        return new RegionFigures(
                region,
                line.name(),
                latencies.getTotalCount(),
                Math.round(report.opsPerSecond() * 10) / 10.0,
                millis(latencies.getValueAtPercentile(50)),
                millis(latencies.getValueAtPercentile(99)),
                millis(latencies.getMaxValue()),
                report.errors(),
                report.unknown(),
                firstError == null ? "" : String.valueOf(firstError.getMessage()),
                encode(latencies));
    }

    private static double millis(long nanos) {
        return Math.round(nanos / 1e3) / 1e3;
    }

    private static String encode(Histogram latencies) {
        ByteBuffer bytes = ByteBuffer.allocate(latencies.getNeededByteBufferCapacity());
        int length = latencies.encodeIntoCompressedByteBuffer(bytes, Deflater.BEST_COMPRESSION);
        return Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(bytes.array(), length));
    }

    /** The histogram, unpacked. */
    Histogram latencies() {
        try {
            return Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(histogram)), 0);
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("not a histogram: " + region + ", " + line, e);
        }
    }
}
