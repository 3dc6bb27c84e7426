package io.tenure.bench;

import io.tenure.bench.chaos.Chaos;
import io.tenure.bench.chaos.ChaosCluster;
import io.tenure.bench.chaos.ChaosPlan;
import io.tenure.bench.chaos.FaultKind;
import io.tenure.bench.process.ClusterPlan;
import io.tenure.history.HistoryFile;
import io.tenure.history.Operation;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench.jar chaos}. */
@Command(
        name = "chaos",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts a cluster of processes of its own and injects one fault after the other while clients write and read:"
                    + " kills, stops, restarts, cut and slow links, damaged files, full disks. Then checks that clients"
                    + " were told nothing but the truth: the history is linearizable, each acknowledged write is in the"
                    + " log, none twice, all logs are equal.",
            "Full disks need root and Linux: a small file system is mounted for each node.",
            "Exit code 1 if anything is not as it should be, and the data then stays; 2 if it could not run."
        },
        exitCodeOnExecutionException = 2)
final class ChaosCommand implements Callable<Integer> {
    private static final int SECONDS_PER_MINUTE = 60;
    private static final int SEEDS = 1_000_000;
    private static final String JVM_OPTIONS = "-Xmx256m";
    private static final List<String> SETTINGS = List.of(
            "limits: {segmentBytes: 64 KiB}",
            "snapshots: {everyLogBytes: 256 KiB, keepLogBytes: 64 KiB}",
            "dump: {fileBytesMax: 8 MiB, filesKept: 1}");

    @Option(names = "--minutes", paramLabel = "M", description = "no fault begins after these (${DEFAULT-VALUE})")
    private double minutes = 10;

    @Mixin
    private ClusterOptions cluster;

    @Option(names = "--seed", paramLabel = "S", description = "decides which faults come, and when (a random one)")
    private Long seed;

    @Option(
            names = "--faults",
            paramLabel = "A,B,...",
            description = "which; each comes once before one comes again (all that this machine can do)")
    private String faults;

    @Option(names = "--clients", paramLabel = "N", description = "SDK clients (${DEFAULT-VALUE})")
    private int clients = 24;

    @Option(names = "--rate", paramLabel = "R", description = "operations per second (${DEFAULT-VALUE})")
    private double rate = 1000;

    @Option(names = "--hot-keys", paramLabel = "N", description = "keys of one half of the clients (${DEFAULT-VALUE})")
    private int hotKeys = 4;

    @Option(names = "--cold-keys", paramLabel = "N", description = "keys of the other half (${DEFAULT-VALUE})")
    private int coldKeys = 5000;

    @Option(names = "--history", paramLabel = "FILE", description = "keep the history")
    private Path historyFile;

    @Override
    public Integer call() throws IOException, InterruptedException {
        checkNumbers();
        ClusterPlan clusterPlan = cluster.plan("chaos", SETTINGS, JVM_OPTIONS);
        ChaosPlan plan = plan(kinds(clusterPlan.folder()));
        boolean smallDisks = plan.faults().stream().anyMatch(FaultKind::needsSmallDisk);
        System.out.println(
                "seed " + plan.seed() + ", " + clusterPlan.nodes() + " nodes, data in " + clusterPlan.folder());
        Chaos.Result result;
        try (ChaosCluster chaos = new ChaosCluster(clusterPlan, plan.seed(), smallDisks)) {
            chaos.processes().startAll();
            result = Chaos.run(plan, chaos, System.out::println);
            if (!result.violations().isEmpty()) {
                chaos.keep();
            }
        }
        if (historyFile != null) {
            try (BufferedWriter out = Files.newBufferedWriter(historyFile)) {
                HistoryFile.write(result.history(), out);
            }
        }
        return report(result, clusterPlan.folder());
    }

    private void checkNumbers() {
        if (!(minutes > 0)) {
            throw cluster.refusal("--minutes must be greater than 0");
        }
        if (clients < 2 || hotKeys < 1 || coldKeys < 1 || !(rate > 0)) {
            throw cluster.refusal("--clients must be at least 2, --hot-keys and --cold-keys 1, --rate greater than 0");
        }
        if (cluster.nodes() < 3) {
            throw cluster.refusal("--nodes must be at least 3: fewer can't do without one");
        }
        parsedFaults();
    }

    private List<FaultKind> parsedFaults() {
        try {
            return faults == null ? List.of() : FaultKind.parse(faults);
        } catch (IllegalArgumentException e) {
            throw cluster.refusal("--faults: " + e.getMessage());
        }
    }

    private List<FaultKind> kinds(Path folder) {
        return faults == null ? FaultKind.possible(folder, System.out::println) : parsedFaults();
    }

    private ChaosPlan plan(List<FaultKind> kinds) {
        return new ChaosPlan(
                Duration.ofMillis((long) (minutes * SECONDS_PER_MINUTE * 1000)),
                seed != null ? seed : ThreadLocalRandom.current().nextInt(SEEDS),
                kinds,
                Duration.ofMillis(cluster.leaseMillis()),
                clients,
                rate,
                hotKeys,
                coldKeys);
    }

    private int report(Chaos.Result result, Path folder) throws IOException {
        System.out.println();
        result.table().lines().forEach(System.out::println);
        System.out.printf(
                Locale.ROOT,
                "%d faults; %d writes and %d reads acknowledged, %d operations refused, %d of unknown outcome%n",
                result.table().times(),
                result.history().count(Operation.Kind.WRITE, Operation.Outcome.OK),
                result.history().count(Operation.Kind.READ, Operation.Outcome.OK),
                result.errors(),
                result.unknown());
        if (result.violations().isEmpty()) {
            System.out.println("0 violations: linearizable; every acknowledged write is there, none twice; all logs are"
                    + " equal.");
            cluster.tidyUp(folder);
            return 0;
        }
        result.violations().forEach(violation -> System.out.println("VIOLATION: " + violation));
        System.out.println("The data stays in " + folder);
        return 1;
    }
}
