package io.tenure.bench;

import io.tenure.bench.process.Await;
import io.tenure.bench.process.ClusterPlan;
import io.tenure.bench.process.Footprint;
import io.tenure.bench.process.ProcessCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench.jar bigdata}. */
@Command(
        name = "bigdata",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts a cluster of processes of its own, with -Xmx512m, and fills it. Measures what a snapshot does to the"
                    + " latency of writes in an open loop, how long a restart takes with that snapshot and much log, and"
                    + " how long a wiped node takes to come back.",
            "Exit code 1 if a snapshot raises the 99th percentile by more than 50 ms, or a restart takes 15 s or more."
        })
final class BigDataCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int CLIENTS = 4;
    private static final int OUTSTANDING = 40_000;
    private static final int OUTSTANDING_OF_FILLING = 256;
    private static final int SNAPSHOTS_MIN = 3;
    private static final long QUIET_OPERATIONS_MIN = 50_000;
    private static final double RAISE_MILLIS_MAX = 50;
    private static final double RESTART_SECONDS_MAX = 15;
    private static final long MIB = 1 << 20;
    private static final String JVM_OPTIONS = "-Xmx512m -XX:-UseSerialGC -XX:+UseG1GC";
    private static final List<String> SETTINGS =
            List.of("limits: {segmentBytes: 32 MiB}", "snapshots: {everyLogBytes: 32 MiB, keepLogBytes: 32 MiB}");
    private static final List<String> SETTINGS_WITHOUT_COMPACTION =
            List.of("limits: {segmentBytes: 32 MiB}", "snapshots: {everyLogBytes: 100 GiB, keepLogBytes: 100 GiB}");

    @Mixin
    private ClusterOptions cluster;

    @Option(names = "--keys", paramLabel = "N", description = "how many (${DEFAULT-VALUE})")
    private int keys = 1_000_000;

    @Option(names = "--value-size", paramLabel = "BYTES", description = "length of values (${DEFAULT-VALUE})")
    private int valueBytes = 100;

    @Option(names = "--rate", paramLabel = "R", description = "writes per second of the open loop (${DEFAULT-VALUE})")
    private double rate = 5000;

    @Option(names = "--log", paramLabel = "MIB", description = "text of log for the restart (${DEFAULT-VALUE})")
    private long logMib = 256;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (keys < 1 || valueBytes < 1 || logMib < 1 || !(rate > 0)) {
            throw cluster.refusal("--keys, --value-size, --rate and --log must be greater than 0");
        }
        if (cluster.nodes() < 3) {
            throw cluster.refusal("--nodes must be at least 3: fewer can't do without one");
        }
        ClusterPlan clusterPlan = cluster.plan("bigdata", SETTINGS, JVM_OPTIONS);
        boolean isGood;
        List<TenureTarget> targets = new ArrayList<>();
        try (ProcessCluster processes = new ProcessCluster(clusterPlan)) {
            processes.startAll();
            processes.awaitLeader(PATIENCE);
            for (int i = 0; i < CLIENTS; i++) {
                targets.add(TenureTarget.connect(processes.addresses()));
            }
            fill(targets);
            isGood = measureSnapshot(processes, targets);
            isGood &= measureRestart(processes, targets);
            measureWiped(processes, targets);
            for (int id : processes.ids()) {
                System.out.printf(
                        Locale.ROOT,
                        "node %d: %d MiB resident%n",
                        id,
                        Footprint.residentBytes(processes.pid(id)) / MIB);
            }
        } finally {
            targets.forEach(Target::close);
        }
        cluster.tidyUp(clusterPlan.folder());
        return isGood ? 0 : 1;
    }

    private LoadPlan plan(int outstanding, double opsPerSecond) {
        return new LoadPlan(Workload.SET, outstanding, opsPerSecond, keys, "key-", valueBytes, false);
    }

    private void fill(List<TenureTarget> targets) throws InterruptedException {
        long begin = System.nanoTime();
        Preload.run(plan(OUTSTANDING_OF_FILLING, 0), targets);
        System.out.printf(Locale.ROOT, "%d keys written in %.1f s%n", keys, secondsSince(begin));
    }

    /** Writes at the given pace until snapshots have come and gone, and there is enough to compare with. */
    private boolean measureSnapshot(ProcessCluster processes, List<TenureTarget> targets)
            throws IOException, InterruptedException {
        List<Path> folders = processes.ids().stream().map(processes::dataFolder).toList();
        try (SnapshotWatch watch = new SnapshotWatch(folders)) {
            Load load = new Load(
                    plan(OUTSTANDING, rate),
                    targets,
                    new Latencies(),
                    operation -> watch.ended(operation.invoke(), operation.returned()));
            long begin = System.nanoTime();
            load.start();
            Await.await(
                    PATIENCE,
                    () -> (watch.snapshots() >= SNAPSHOTS_MIN
                                    && watch.otherwise().getTotalCount() >= QUIET_OPERATIONS_MIN)
                            ? Boolean.TRUE
                            : null,
                    () -> watch.snapshots() + " snapshots were written. " + processes.describe());
            double seconds = secondsSince(begin);
            load.stop(PATIENCE);
            System.out.printf(
                    Locale.ROOT,
                    "%.0f writes/s for %.0f s, %d snapshots of %d MiB; %d writes failed, %d of unknown outcome%n",
                    load.done() / seconds,
                    seconds,
                    watch.snapshots(),
                    Footprint.snapshotBytes(folders.get(0)) / MIB,
                    load.errors(),
                    load.unknown());
            print("without a snapshot", watch.otherwise());
            print("during a snapshot", watch.during());
            double raise = p99Millis(watch.during()) - p99Millis(watch.otherwise());
            boolean isGood = raise <= RAISE_MILLIS_MAX && load.errors() + load.unknown() == 0;
            System.out.printf(
                    Locale.ROOT,
                    "a snapshot raises p99 by %.1f ms; at most %.0f: %s%n",
                    raise,
                    RAISE_MILLIS_MAX,
                    isGood ? "good" : "TOO MUCH");
            return isGood;
        }
    }

    private static void print(String what, Histogram latencies) {
        System.out.printf(
                Locale.ROOT,
                "  %-20s %8d writes, p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, longest %.0f ms%n",
                what,
                latencies.getTotalCount(),
                latencies.getValueAtPercentile(50) / 1e6,
                p99Millis(latencies),
                latencies.getValueAtPercentile(99.9) / 1e6,
                latencies.getMaxValue() / 1e6);
    }

    private static double p99Millis(Histogram latencies) {
        return latencies.getValueAtPercentile(99) / 1e6;
    }

    private boolean measureRestart(ProcessCluster processes, List<TenureTarget> targets)
            throws IOException, InterruptedException {
        processes.changeSettings(SETTINGS_WITHOUT_COMPACTION);
        for (int id : processes.ids()) {
            processes.terminate(id);
            processes.start(id);
            processes.awaitCaughtUp(id, PATIENCE);
        }
        int follower =
                (processes.awaitLeader(PATIENCE).id() + 1) % processes.ids().size();
        Path folder = processes.dataFolder(follower);
        Load load = new Load(plan(OUTSTANDING_OF_FILLING, 0), targets, new Latencies(), operation -> {});
        load.start();
        while (Footprint.logTextBytes(folder) < logMib * MIB) {
            Await.pause(Duration.ofMillis(100));
        }
        load.stop(PATIENCE);
        processes.awaitEqual(PATIENCE);
        processes.terminate(follower);
        long begin = System.nanoTime();
        processes.start(follower);
        Await.await(
                PATIENCE,
                () -> processes.report(follower).isPresent() ? Boolean.TRUE : null,
                () -> "an answer of node " + follower + ". " + processes.describe());
        double answers = secondsSince(begin);
        processes.awaitCaughtUp(follower, PATIENCE);
        double back = secondsSince(begin);
        boolean isGood = back < RESTART_SECONDS_MAX;
        System.out.printf(
                Locale.ROOT,
                "restart with a snapshot of %d MiB and %d MiB of log: answers after %.1f s, has caught up after %.1f s;"
                        + " less than %.0f: %s%n",
                Footprint.snapshotBytes(folder) / MIB,
                Footprint.logTextBytes(folder) / MIB,
                answers,
                back,
                RESTART_SECONDS_MAX,
                isGood ? "good" : "TOO LONG");
        return isGood;
    }

    private void measureWiped(ProcessCluster processes, List<TenureTarget> targets)
            throws IOException, InterruptedException {
        int follower =
                (processes.awaitLeader(PATIENCE).id() + 1) % processes.ids().size();
        Load load = new Load(plan(OUTSTANDING, rate), targets, new Latencies(), operation -> {});
        load.start();
        processes.kill(follower);
        try (Stream<Path> all = Files.walk(processes.dataFolder(follower))) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
        ClusterPlan.Ran rejoin = processes.rejoin(follower);
        if (rejoin.exitCode() != 0) {
            throw new IllegalStateException(String.join("; ", rejoin.said()));
        }
        long begin = System.nanoTime();
        processes.start(follower);
        processes.awaitCaughtUp(follower, PATIENCE);
        System.out.printf(
                Locale.ROOT,
                "a wiped node has caught up after %.1f s, under %.0f writes/s%n",
                secondsSince(begin),
                rate);
        load.stop(PATIENCE);
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }
}
