package io.tenure.bench.geo;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * How late a thread of this machine is woken that wants to be woken each millisecond. What is behind an emulated network is as
 * late as that; figures of a machine that is busy with something else tell of the machine.
 */
final class Hiccups implements AutoCloseable {
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final double BUSY_MILLIS = 5;
    private static final double PERCENTILE = 99;

    private final Histogram late = new Histogram(TimeUnit.HOURS.toNanos(1), 3);
    private final Thread thread = new Thread(this::watch, "hiccups");
    private volatile boolean stopping;

    /** Begins. */
    Hiccups() {
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        while (!stopping) {
            long start = System.nanoTime();
            LockSupport.parkNanos(STEP_NANOS);
            late.recordValue(Math.max(0, System.nanoTime() - start - STEP_NANOS));
        }
    }

    /** Ends it; what was seen, in words. */
    String inWords() throws InterruptedException {
        close();
        thread.join();
        double millis = late.getValueAtPercentile(PERCENTILE) / 1e6;
        return String.format(
                Locale.ROOT,
                "a thread that wants to be woken each millisecond was late by %.1f ms (p50), %.1f ms (p99), %.0f ms (max)%s",
                late.getValueAtPercentile(50) / 1e6,
                millis,
                late.getMaxValue() / 1e6,
                millis > BUSY_MILLIS ? "; THE MACHINE WAS BUSY, and latencies tell of that" : "");
    }

    @Override
    public void close() {
        stopping = true;
    }
}
