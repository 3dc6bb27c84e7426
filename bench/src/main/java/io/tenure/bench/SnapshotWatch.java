package io.tenure.bench;

import io.tenure.bench.process.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Tells latencies of operations during which a node wrote a snapshot from those of all others. A thread of its own looks for
 * {@code snapshot.tmp} every few milliseconds.
 */
final class SnapshotWatch implements AutoCloseable {
    private static final Duration STEP = Duration.ofMillis(5);
    private static final long LATENCY_NANOS_MAX = 60_000_000_000L;
    private static final int DIGITS = 3;

    private final List<Path> folders;
    private final Thread thread = new Thread(this::watch, "snapshot-watch");
    private final Histogram during = new ConcurrentHistogram(LATENCY_NANOS_MAX, DIGITS);
    private final Histogram otherwise = new ConcurrentHistogram(LATENCY_NANOS_MAX, DIGITS);
    private volatile boolean stopping;
    private volatile boolean seen;
    private volatile long lastSeenNanos;
    private final AtomicInteger snapshots = new AtomicInteger();

    /** Watches these folders. */
    SnapshotWatch(List<Path> folders) {
        this.folders = folders;
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        try {
            while (!stopping) {
                boolean found = folders.stream().anyMatch(folder -> Files.exists(folder.resolve("snapshot.tmp")));
                if (found) {
                    lastSeenNanos = System.nanoTime();
                    seen = true;
                } else if (seen) {
                    seen = false;
                    snapshots.incrementAndGet();
                }
                Await.pause(STEP);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Notes an operation that has just ended. */
    void ended(long invokeNanos, long returnNanos) {
        boolean overlaps = lastSeenNanos != 0 && lastSeenNanos - invokeNanos >= -STEP.toNanos();
        (overlaps ? during : otherwise).recordValue(Math.min(LATENCY_NANOS_MAX, returnNanos - invokeNanos));
    }

    /** How often snapshots were being written, in one or several nodes at once, and then no more. */
    int snapshots() {
        return snapshots.get();
    }

    /** Nanoseconds of the operations during which a snapshot was being written. */
    Histogram during() {
        return during;
    }

    /** Nanoseconds of all other operations. */
    Histogram otherwise() {
        return otherwise;
    }

    @Override
    public void close() {
        stopping = true;
    }
}
