package io.tenure.bench;

import io.tenure.bench.chaos.Flips;
import io.tenure.bench.process.ClusterPlan;
import io.tenure.bench.process.ProcessCluster;
import io.tenure.history.Operation;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench.jar flips}. */
@Command(
        name = "flips",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts a cluster of processes of its own and flips single bits in the files of one stopped node (log, index,"
                    + " snapshot, metadata) while clients write and read: node.jar verify must find each, and the node must"
                    + " be back in a minute, unaided. At last the same entry rots on two nodes.",
            "Exit code 1 if anything is not as it should be; the data then stays."
        })
final class FlipsCommand implements Callable<Integer> {
    private static final int SEEDS = 1_000_000;
    private static final int NODE = 1;
    private static final String JVM_OPTIONS = "-Xmx256m";
    private static final List<String> SETTINGS =
            List.of("limits: {segmentBytes: 64 KiB}", "snapshots: {everyLogBytes: 256 KiB, keepLogBytes: 128 KiB}");

    @Mixin
    private ClusterOptions cluster;

    @Option(names = "--times", paramLabel = "N", description = "how many bits (${DEFAULT-VALUE})")
    private int times = 50;

    @Option(names = "--seed", paramLabel = "S", description = "decides which bits (a random one)")
    private Long seed;

    @Option(names = "--rate", paramLabel = "R", description = "operations per second (${DEFAULT-VALUE})")
    private double rate = 500;

    @Option(names = "--keys", paramLabel = "N", description = "keys that all clients share (${DEFAULT-VALUE})")
    private int keys = 1000;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (times < 1 || keys < 1 || !(rate > 0)) {
            throw cluster.refusal("--times, --keys and --rate must be greater than 0");
        }
        if (cluster.nodes() != 3) {
            throw cluster.refusal("--nodes must be 3: an entry rots on two of three");
        }
        long drawn = seed != null ? seed : ThreadLocalRandom.current().nextInt(SEEDS);
        ClusterPlan plan = cluster.plan("flips", SETTINGS, JVM_OPTIONS);
        System.out.println("seed " + drawn + ", data in " + plan.folder());
        Flips.Result result;
        try (ProcessCluster processes = new ProcessCluster(plan)) {
            processes.startAll();
            result = new Flips(processes, drawn, System.out::println).run(times, NODE, rate, keys);
        }
        System.out.printf(
                Locale.ROOT,
                "%d flips, longest way back %.1f s; %d writes and %d reads acknowledged%n",
                times,
                result.longestSeconds(),
                result.history().count(Operation.Kind.WRITE, Operation.Outcome.OK),
                result.history().count(Operation.Kind.READ, Operation.Outcome.OK));
        if (result.problems().isEmpty()) {
            System.out.println(
                    "Each was found and put right; linearizable; every acknowledged write is there, none twice;"
                            + " all logs are equal.");
            cluster.tidyUp(plan.folder());
            return 0;
        }
        result.problems().forEach(problem -> System.out.println("PROBLEM: " + problem));
        System.out.println("The data stays in " + plan.folder());
        return 1;
    }
}
