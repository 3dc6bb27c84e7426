package io.tenure.bench.floor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Appends one record after the other to files that grow, and forces each: what a log costs of which nothing else is asked.
 *
 * @param writers how many did so at once, each with a file of its own
 * @param perSecond forces a second, of all writers together
 * @param p50Micros of one append and its force
 * @param p99Micros of one append and its force
 */
public record Forces(int writers, double perSecond, double p50Micros, double p99Micros) {
    /** About what a SET of 16 and 100 bytes takes in logs.txt and logs.idx. */
    public static final int RECORD_BYTES = 192;

    private static final long WARMUP_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long LATENCY_NANOS_MAX = TimeUnit.MINUTES.toNanos(1);

    /**
     * Measures; the files are gone afterwards.
     *
     * @param folder on the disk in question
     * @throws IOException if the disk can't be written
     */
    public static Forces measure(Path folder, int writers, double seconds) throws IOException, InterruptedException {
        Path files = Files.createTempDirectory(folder, "forces-");
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        Histogram all = new Histogram(LATENCY_NANOS_MAX, 3);
        try {
            List<Future<Histogram>> parts = new ArrayList<>();
            long start = System.nanoTime() + WARMUP_NANOS;
            long end = start + (long) (seconds * 1e9);
            for (int i = 0; i < writers; i++) {
                Path file = files.resolve("file" + i);
                parts.add(threads.submit(() -> append(file, start, end)));
            }
            for (Future<Histogram> part : parts) {
                all.add(part.get());
            }
        } catch (ExecutionException e) {
            throw new IOException("appending to a file in " + folder + ": " + e.getCause(), e.getCause());
        } finally {
            threads.shutdownNow();
            for (int i = 0; i < writers; i++) {
                Files.deleteIfExists(files.resolve("file" + i));
            }
            Files.delete(files);
        }
        return new Forces(
                writers,
                all.getTotalCount() / seconds,
                all.getValueAtPercentile(50) / 1e3,
                all.getValueAtPercentile(99) / 1e3);
    }

    private static Histogram append(Path file, long countFrom, long end) throws IOException {
        Histogram latencies = new Histogram(LATENCY_NANOS_MAX, 3);
        ByteBuffer bytes = ByteBuffer.allocateDirect(RECORD_BYTES);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long start = System.nanoTime(); start - end < 0; start = System.nanoTime()) {
                bytes.clear();
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(false);
                if (start - countFrom >= 0) {
                    latencies.recordValue(Math.min(LATENCY_NANOS_MAX, System.nanoTime() - start));
                }
            }
        }
        return latencies;
    }
}
