package io.tenure.bench;

import io.tenure.bench.process.Await;
import io.tenure.bench.process.ClusterPlan;
import io.tenure.bench.process.Footprint;
import io.tenure.bench.process.ProcessCluster;
import io.tenure.bench.process.ProcessCluster.Leader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench.jar deadfollower}. */
@Command(
        name = "deadfollower",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts a cluster of processes of its own, kills a follower and writes as fast as it goes, while it measures"
                    + " the leader's resident memory and what it has on disk; then starts the follower again.",
            "Exit code 1 if memory grew by more than --grow-max from the second fifth of the time to the last, if logs and"
                    + " snapshots took more than three times the data plus --margin, or the follower did not catch up."
        })
final class DeadFollowerCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int PARTS = 5;
    private static final int DATA_TIMES_MAX = 3;
    private static final long MIB = 1 << 20;
    /** All of the heap is resident from the start, so that what grows is something else. */
    private static final String JVM_OPTIONS = "-Xms512m -Xmx512m -XX:+AlwaysPreTouch";

    private static final List<String> SETTINGS =
            List.of("limits: {segmentBytes: 32 MiB}", "snapshots: {everyLogBytes: 64 MiB, keepLogBytes: 32 MiB}");

    @Mixin
    private ClusterOptions cluster;

    @Option(names = "--minutes", paramLabel = "M", description = "how long (${DEFAULT-VALUE})")
    private double minutes = 5;

    @Option(names = "--keys", paramLabel = "N", description = "keys, all written before (${DEFAULT-VALUE})")
    private int keys = 300_000;

    @Option(names = "--value-size", paramLabel = "BYTES", description = "length of values (${DEFAULT-VALUE})")
    private int valueBytes = 100;

    @Option(names = "--outstanding", paramLabel = "N", description = "writes under way (${DEFAULT-VALUE})")
    private int outstanding = 64;

    @Option(names = "--grow-max", paramLabel = "MIB", description = "how much memory may grow (${DEFAULT-VALUE})")
    private long growMaxMib = 32;

    @Option(
            names = "--margin",
            paramLabel = "MIB",
            description = "disk besides the data: log up to the next snapshot and kept below the last, and indexes"
                    + " (${DEFAULT-VALUE})")
    private long marginMib = 256;

    /** At one time. */
    private record Sample(double atSeconds, long residentBytes, long logBytes, long snapshotBytes, long writes) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!(minutes > 0) || keys < 1 || valueBytes < 1 || outstanding < 1) {
            throw cluster.refusal("--minutes, --keys, --value-size and --outstanding must be greater than 0");
        }
        if (cluster.nodes() < 3) {
            throw cluster.refusal("--nodes must be at least 3: fewer can't do without one");
        }
        ClusterPlan clusterPlan = cluster.plan("deadfollower", SETTINGS, JVM_OPTIONS);
        LoadPlan plan = new LoadPlan(Workload.SET, outstanding, 0, keys, "k", valueBytes, false);
        boolean isGood;
        try (ProcessCluster processes = new ProcessCluster(clusterPlan)) {
            processes.startAll();
            isGood = measure(processes, plan);
        }
        cluster.tidyUp(clusterPlan.folder());
        return isGood ? 0 : 1;
    }

    private boolean measure(ProcessCluster processes, LoadPlan plan) throws IOException, InterruptedException {
        Leader leader = processes.awaitLeader(PATIENCE);
        int dead = (leader.id() + 1) % processes.ids().size();
        List<Sample> samples;
        try (TenureTarget target = TenureTarget.connect(processes.addresses())) {
            Preload.run(plan, List.of(target));
            processes.kill(dead);
            Load load = new Load(plan, List.of(target), new Latencies(), operation -> {});
            load.start();
            samples = sample(processes, load);
            load.stop(PATIENCE);
            System.out.printf(Locale.ROOT, "%d writes failed, %d of unknown outcome%n", load.errors(), load.unknown());
        }
        long begin = System.nanoTime();
        processes.start(dead);
        processes.awaitCaughtUp(dead, PATIENCE);
        System.out.printf(Locale.ROOT, "the dead follower had caught up %.1f s after its start%n", secondsSince(begin));
        return judge(samples);
    }

    private List<Sample> sample(ProcessCluster processes, Load load) throws IOException, InterruptedException {
        List<Sample> samples = new ArrayList<>();
        System.out.println("seconds  leader  resident MiB  logs MiB  snapshots MiB  writes/s");
        long begin = System.nanoTime();
        double every = minutes * 60 / (PARTS * 12);
        for (int i = 1; i <= PARTS * 12; i++) {
            long due = begin + (long) (i * every * 1e9);
            Await.pause(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
            int leader = processes.awaitLeader(PATIENCE).id();
            Path folder = processes.dataFolder(leader);
            Sample sample = new Sample(
                    secondsSince(begin),
                    Footprint.residentBytes(processes.pid(leader)),
                    Footprint.logBytes(folder),
                    Footprint.snapshotBytes(folder),
                    load.done());
            Sample before = samples.isEmpty() ? new Sample(0, 0, 0, 0, 0) : samples.get(samples.size() - 1);
            System.out.printf(
                    Locale.ROOT,
                    "%7.0f  %6d  %12d  %8d  %13d  %8.0f%n",
                    sample.atSeconds,
                    leader,
                    sample.residentBytes / MIB,
                    sample.logBytes / MIB,
                    sample.snapshotBytes / MIB,
                    (sample.writes - before.writes) / (sample.atSeconds - before.atSeconds));
            samples.add(sample);
        }
        return samples;
    }

    private boolean judge(List<Sample> samples) {
        int part = samples.size() / PARTS;
        double early = residentMib(samples.subList(part, 2 * part));
        double late = residentMib(samples.subList(samples.size() - part, samples.size()));
        boolean isFlat = late - early <= growMaxMib;
        long data = (long) keys * (("k" + keys).length() + valueBytes);
        long disk = samples.stream()
                .mapToLong(sample -> sample.logBytes + sample.snapshotBytes)
                .max()
                .orElseThrow();
        long diskMax = DATA_TIMES_MAX * data + marginMib * MIB;
        System.out.printf(
                Locale.ROOT,
                "leader's resident memory: %.0f MiB in the second fifth of the time, %.0f MiB in the last: %s%n",
                early,
                late,
                isFlat ? "flat" : "GROWS");
        System.out.printf(
                Locale.ROOT,
                "logs and snapshots: at most %d MiB; %d MiB of data, three times that and %d MiB are %d MiB: %s%n",
                disk / MIB,
                data / MIB,
                marginMib,
                diskMax / MIB,
                disk <= diskMax ? "within" : "TOO MUCH");
        return isFlat && disk <= diskMax;
    }

    private static double residentMib(List<Sample> samples) {
        return samples.stream().mapToLong(Sample::residentBytes).average().orElseThrow() / MIB;
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }
}
