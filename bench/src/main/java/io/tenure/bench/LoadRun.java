package io.tenure.bench;

import io.tenure.history.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** One load from its warm-up to its report. */
public final class LoadRun {
    private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Longer than any operation of a client may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final LoadPlan plan;
    private final List<? extends Target> targets;
    private final HistoryWriter history;
    private final Consumer<String> progress;
    private final Latencies latencies = new Latencies();
    private Load load;

    /** Prepares a run of which nothing is told before its end. */
    public LoadRun(LoadPlan plan, List<? extends Target> targets) {
        this(plan, targets, null, line -> {});
    }

    /**
     * Prepares a run.
     *
     * @param history takes every operation, warm-up included; null for none
     * @param progress takes a line about twice a second
     */
    LoadRun(LoadPlan plan, List<? extends Target> targets, HistoryWriter history, Consumer<String> progress) {
        this.plan = plan;
        this.targets = targets;
        this.history = history;
        this.progress = progress;
    }

    /**
     * Runs it. On a refusal of the requests themselves it ends early.
     *
     * @throws HungException if an operation never got an outcome
     */
    public LoadReport run(double warmupSeconds, double seconds) throws IOException, InterruptedException {
        Consumer<Operation> sink = history == null ? operation -> {} : history::add;
        load = new Load(plan, targets, latencies, sink);
        load.start();
        pass("warm-up", warmupSeconds);
        latencies.open();
        pass("measuring", seconds);
        latencies.close();
        boolean ended = load.stop(PATIENCE);
        latencies.collect();
        if (history != null) {
            history.drain();
        }
        if (!ended) {
            throw new HungException("operations without outcome after " + PATIENCE.toSeconds() + " s");
        }
        return new LoadReport(
                plan,
                latencies.windowSeconds(),
                latencies.total(),
                latencies.opsPerSecond(),
                load.errors(),
                load.unknown());
    }

    /** Throughput and latency over time; after the run. */
    List<Latencies.Interval> intervals() {
        return latencies.intervals();
    }

    /** The first failure of an operation, or null; after the run. */
    public Throwable firstError() {
        return load.firstError();
    }

    /** Why the store refuses such requests for good, or null; after the run. */
    Throwable invalid() {
        return load.invalid();
    }

    private void pass(String phase, double seconds) throws IOException, InterruptedException {
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        long collectAt = start + INTERVAL_NANOS;
        long doneBefore = load.done();
        long before = start;
        for (long now = start; now < end && load.invalid() == null; now = System.nanoTime()) {
            LockSupport.parkNanos(Math.min(STEP_NANOS, end - now));
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (history != null) {
                history.drain();
            }
            now = System.nanoTime();
            if (now >= collectAt) {
                latencies.collect();
                collectAt += INTERVAL_NANOS;
                long done = load.done();
                progress.accept(String.format(
                        "%s %.0f of %.0f s  %,.0f/s  %d errors  %d unknown",
                        phase,
                        (now - start) / 1e9,
                        seconds,
                        (done - doneBefore) * 1e9 / (now - before),
                        load.errors(),
                        load.unknown()));
                doneBefore = done;
                before = now;
            }
        }
    }

    /** An operation got no outcome although each has a deadline. */
    public static final class HungException extends RuntimeException {
        private static final long serialVersionUID = 1;

        HungException(String message) {
            super(message);
        }
    }
}
