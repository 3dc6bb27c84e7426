package io.tenure.bench.chaos;

import io.tenure.bench.Latencies;
import io.tenure.bench.Load;
import io.tenure.bench.LoadPlan;
import io.tenure.bench.Target;
import io.tenure.bench.TenureTarget;
import io.tenure.bench.Workload;
import io.tenure.bench.failover.Judgement;
import io.tenure.bench.process.LogArchive;
import io.tenure.history.History;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Injects one fault after the other under load, and judges what clients and disks tell of it. */
public final class Chaos {
    private static final String HOT_KEY_PREFIX = "hot";
    private static final String COLD_KEY_PREFIX = "cold";
    /** Writes, and as many reads, that must be acknowledged between two faults. */
    private static final long EACH_BETWEEN = 60;
    /** Operations that must be acknowledged around each fault. */
    private static final long AROUND_MIN = 100;

    private static final int OUTSTANDING_OF_CLIENT = 4;

    private final ChaosPlan plan;
    private final Arena arena;
    private final Faults faults;
    private final FaultTable table = new FaultTable();
    private final List<String> violations = new ArrayList<>();
    private final Consumer<String> progress;
    /** Acknowledged operations when the last fault had been recovered from. */
    private long recoveredAt;

    /**
     * What came of it.
     *
     * @param violations a sentence each; empty if everything is as it should be
     * @param errors operations that were certainly not done
     * @param unknown operations that may or may not have been done
     */
    public record Result(FaultTable table, History history, List<String> violations, long errors, long unknown) {}

    /**
     * Prepares; the nodes are running.
     *
     * @param progress takes a line for each fault
     */
    private Chaos(ChaosPlan plan, ChaosCluster cluster, LogArchive archive, Consumer<String> progress) {
        this.plan = plan;
        this.progress = progress;
        this.arena = new Arena(
                cluster.processes(),
                archive,
                cluster.net(),
                cluster.disks(),
                new Tally(),
                // Small seeds give java.util.Random much the same beginnings.
                new Random(new SplittableRandom(plan.seed()).nextLong()),
                plan.lease(),
                plan.hotKeys(),
                HOT_KEY_PREFIX);
        this.faults = new Faults(arena);
    }

    /**
     * Does it all, on a cluster that is running.
     *
     * @param progress takes a line for each fault
     * @throws IllegalStateException if the cluster has no leader, or serves nobody, before the first fault
     */
    public static Result run(ChaosPlan plan, ChaosCluster cluster, Consumer<String> progress)
            throws IOException, InterruptedException {
        try (LogArchive archive = new LogArchive(cluster.processes())) {
            return new Chaos(plan, cluster, archive, progress).run();
        }
    }

    private Result run() throws IOException, InterruptedException {
        arena.cluster().awaitLeader(Arena.PATIENCE);
        List<TenureTarget> targets = new ArrayList<>();
        List<Load> loads = new ArrayList<>();
        try {
            int hot = plan.clients() / 2;
            // Some only read: where writes wait, those that write have nothing left to read with.
            int readers = hot / 2;
            loads.add(load(Workload.MIXED, HOT_KEY_PREFIX, plan.hotKeys(), hot - readers, targets));
            if (readers > 0) {
                loads.add(load(Workload.GET, HOT_KEY_PREFIX, plan.hotKeys(), readers, targets));
            }
            loads.add(load(Workload.MIXED, COLD_KEY_PREFIX, plan.coldKeys(), plan.clients() - hot, targets));
            loads.forEach(Load::start);
            arena.awaitServed(EACH_BETWEEN);
            injectAll();
            for (Load load : loads) {
                if (!load.stop(Arena.PATIENCE)) {
                    violations.add("operations without outcome after " + Arena.PATIENCE.toSeconds() + " s");
                }
                if (load.invalid() != null) {
                    violations.add("a node refused an operation for good: "
                            + load.invalid().getMessage());
                }
            }
        } finally {
            targets.forEach(Target::close);
        }
        History history = arena.tally().history();
        violations.addAll(Judgement.problems(arena.cluster(), arena.archive(), history, Arena.PATIENCE));
        return new Result(
                table,
                history,
                violations,
                loads.stream().mapToLong(Load::errors).sum(),
                loads.stream().mapToLong(Load::unknown).sum());
    }

    private Load load(Workload workload, String keyPrefix, int keys, int clients, List<TenureTarget> all) {
        List<TenureTarget> targets = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            targets.add(TenureTarget.connect(arena.cluster().addresses()));
        }
        all.addAll(targets);
        LoadPlan load = new LoadPlan(
                workload,
                clients * OUTSTANDING_OF_CLIENT,
                plan.opsPerSecond() * clients / plan.clients(),
                keys,
                keyPrefix,
                0,
                true);
        return new Load(load, targets, new Latencies(), arena.tally()::add);
    }

    private void injectAll() throws IOException, InterruptedException {
        long start = System.nanoTime();
        Deque<FaultKind> next = new ArrayDeque<>();
        while (System.nanoTime() - start < plan.time().toNanos()) {
            if (next.isEmpty()) {
                List<FaultKind> shuffled = new ArrayList<>(plan.faults());
                Collections.shuffle(shuffled, arena.random());
                next.addAll(shuffled);
            }
            if (!inject(next.poll(), seconds(start))) {
                return;
            }
        }
    }

    /**
     * One fault, and the recovery.
     *
     * @return whether the cluster recovered
     */
    private boolean inject(FaultKind kind, double at) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        arena.tally().resetGaps();
        long before = recoveredAt;
        String whom;
        try {
            whom = faults.inject(kind);
            arena.awaitRecovered();
            recoveredAt = arena.tally().acknowledged();
            arena.awaitServed(EACH_BETWEEN);
        } catch (IllegalStateException e) {
            table.addViolation(kind);
            violations.add(kind.label() + ": " + e.getMessage());
            return false;
        }
        long around = arena.tally().acknowledged() - before;
        long writeGap = arena.tally().longestWriteGapNanos();
        long readGap = arena.tally().longestReadGapNanos();
        table.add(kind, around, writeGap, readGap);
        if (around < AROUND_MIN) {
            violations.add(kind.label() + ": only " + around + " operations were acknowledged around it");
        }
        progress.accept(String.format(
                Locale.ROOT,
                "%7.1f s  %-18s over after %5.1f s, gaps %5d / %5d ms  %s",
                at,
                kind.label(),
                seconds(begin),
                TimeUnit.NANOSECONDS.toMillis(writeGap),
                TimeUnit.NANOSECONDS.toMillis(readGap),
                whom));
        return true;
    }

    private static double seconds(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1e9;
    }
}
