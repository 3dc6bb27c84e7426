package io.tenure.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Latencies of the operations that belong to the measured window, in nanoseconds with three digits. Any thread records;
 * one thread opens and closes the window and collects.
 */
public final class Latencies {
    private static final long LATENCY_NANOS_MAX = TimeUnit.HOURS.toNanos(1);
    private static final int DIGITS = 3;

    private final Recorder recorder = new Recorder(LATENCY_NANOS_MAX, DIGITS);
    private final Histogram total = new Histogram(LATENCY_NANOS_MAX, DIGITS);
    private final List<Interval> intervals = new ArrayList<>();
    private Histogram recycled;
    private long collectedAtNanos;

    private final LongAdder endedInside = new LongAdder();
    private long openedAtNanos;
    private long closedAtNanos;
    private volatile boolean opened;
    private volatile boolean closed;

    /** What was measured in a part of the window. */
    public record Interval(double untilSeconds, double opsPerSecond, double p50Micros, double p99Micros) {}

    /** From now on operations count. */
    public void open() {
        openedAtNanos = System.nanoTime();
        collectedAtNanos = openedAtNanos;
        opened = true;
    }

    /** From now on no operation starts to count; in an open loop those intended before still do when they end. */
    public void close() {
        closedAtNanos = System.nanoTime();
        closed = true;
    }

    /**
     * Records an operation if it counts: in a closed loop if it returned inside the window, in an open one if it was
     * meant to start inside.
     */
    void record(long intended, long returned, boolean openLoop) {
        if (isInside(returned)) {
            endedInside.increment();
        }
        if (isInside(openLoop ? intended : returned)) {
            recorder.recordValue(Math.min(LATENCY_NANOS_MAX, Math.max(0, returned - intended)));
        }
    }

    private boolean isInside(long nanos) {
        return opened && nanos - openedAtNanos >= 0 && !(closed && nanos - closedAtNanos >= 0);
    }

    /** Moves what was recorded since the last call into the total, as one interval. */
    public void collect() {
        recycled = recorder.getIntervalHistogram(recycled);
        long now = System.nanoTime();
        if (opened && now > collectedAtNanos) {
            double seconds = (now - collectedAtNanos) / 1e9;
            intervals.add(new Interval(
                    (now - openedAtNanos) / 1e9,
                    recycled.getTotalCount() / seconds,
                    recycled.getValueAtPercentile(50) / 1e3,
                    recycled.getValueAtPercentile(99) / 1e3));
            collectedAtNanos = now;
        }
        total.add(recycled);
    }

    /** All that was collected. */
    public Histogram total() {
        return total;
    }

    /** What was collected, call by call. */
    public List<Interval> intervals() {
        return Collections.unmodifiableList(intervals);
    }

    /** Length of the window up to its end, or until now if it is open, in seconds; 0 before it opens. */
    public double windowSeconds() {
        if (!opened) {
            return 0;
        }
        return ((closed ? closedAtNanos : System.nanoTime()) - openedAtNanos) / 1e9;
    }

    /** Operations that ended inside the window, per second of it. */
    public double opsPerSecond() {
        double seconds = windowSeconds();
        return seconds == 0 ? 0 : endedInside.sum() / seconds;
    }
}
