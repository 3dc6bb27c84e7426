package io.tenure.bench;

import io.tenure.bench.failover.Failover;
import io.tenure.bench.failover.FailoverPlan;
import io.tenure.bench.failover.ProcessTestbed;
import io.tenure.bench.failover.Round;
import io.tenure.bench.failover.Scenario;
import io.tenure.bench.process.ClusterPlan;
import io.tenure.history.HistoryFile;
import io.tenure.history.Operation;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench.jar failover}. */
@Command(
        name = "failover",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts a cluster of processes of its own for each scenario, plays the scenario again and again under load,"
                    + " measures how long clients wait, and checks that they were told nothing but the truth: the history"
                    + " is linearizable, each acknowledged write is in the log, none twice, no operation failed, all logs"
                    + " are equal.",
            "Exit code 1 if anything is not as it should be; the data then stays."
        })
final class FailoverCommand implements Callable<Integer> {
    private static final int LEASES_OF_A_PAUSE = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Mixin
    private ClusterOptions cluster;

    @Option(
            names = "--scenario",
            paramLabel = "NAME",
            split = ",",
            description = {
                "one or more of: crash (kill -9 of the leader), silent (kill -STOP of the leader), stop (SIGTERM of the"
                        + " leader), transfer (as kv transfer does), partition (the leader is cut off), heal (a leader that"
                        + " was cut off is back), rolling (all nodes are stopped and started, one by one) (crash)"
            })
    private List<Scenario> scenarios = List.of(Scenario.CRASH);

    @Option(names = "--times", paramLabel = "N", description = "how often each (${DEFAULT-VALUE})")
    private int times = 20;

    @Option(
            names = "--clients",
            paramLabel = "N",
            description = "SDK clients, one half writes and one reads, each an operation at a time (${DEFAULT-VALUE})")
    private int clients = 48;

    @Option(names = "--rate", paramLabel = "R", description = "operations per second; 0: no limit (${DEFAULT-VALUE})")
    private double rate = 2000;

    @Option(names = "--keys", paramLabel = "N", description = "keys that all clients share (${DEFAULT-VALUE})")
    private int keys = 10_000;

    @Option(names = "--json", paramLabel = "FILE", description = "write the figures there, too")
    private Path jsonFile;

    @Option(names = "--history", paramLabel = "FILE", description = "keep the history of the only scenario")
    private Path historyFile;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (times < 1 || clients < 2 || keys < 1 || rate < 0) {
            throw cluster.refusal("--times and --keys must be at least 1, --clients 2, --rate not negative");
        }
        if (historyFile != null && scenarios.size() > 1) {
            throw cluster.refusal("--history is for one scenario");
        }
        ClusterPlan clusterPlan = cluster.plan("failover");
        FailoverReport report = new FailoverReport();
        boolean isGood = true;
        for (Scenario scenario : scenarios) {
            isGood &= play(scenario, below(clusterPlan, FailoverReport.name(scenario)), report);
        }
        System.out.println();
        System.out.print(report.toTable());
        if (jsonFile != null) {
            Files.writeString(jsonFile, report.toJson(cluster.profile(), cluster.nodes()) + System.lineSeparator());
        }
        if (isGood) {
            cluster.tidyUp(clusterPlan.folder());
            return 0;
        }
        System.out.println("The data stays in " + clusterPlan.folder());
        return 1;
    }

    private static ClusterPlan below(ClusterPlan plan, String name) {
        return new ClusterPlan(
                plan.nodes(), plan.nodeJar(), plan.folder().resolve(name), plan.settings(), plan.jvmOptions());
    }

    private boolean play(Scenario scenario, ClusterPlan clusterPlan, FailoverReport report)
            throws IOException, InterruptedException {
        int writers = clients / 2;
        Duration pause = Duration.ofMillis(LEASES_OF_A_PAUSE * cluster.leaseMillis());
        FailoverPlan plan = new FailoverPlan(scenario, times, writers, clients - writers, rate, keys, pause);
        System.out.println(FailoverReport.name(scenario));
        System.out.println("round  before         after          done ms  writes ms  reads ms  failed");
        List<String> problems = new ArrayList<>();
        Failover.Result result;
        try (ProcessTestbed testbed = ProcessTestbed.start(clusterPlan, scenario.needsCuts())) {
            result = new Failover(testbed, plan).run(FailoverCommand::print);
            problems.addAll(result.problems());
            problems.addAll(testbed.problems(result.history(), PATIENCE));
        }
        if (historyFile != null) {
            try (BufferedWriter out = Files.newBufferedWriter(historyFile)) {
                HistoryFile.write(result.history(), out);
            }
        }
        report.add(plan, result.rounds(), problems);
        print(result, problems);
        return problems.isEmpty();
    }

    private static void print(Round round) {
        System.out.printf(
                Locale.ROOT,
                "%5d  node %d term %-3d node %d term %-3d %7.0f  %9.0f  %8.0f  %6d%n",
                round.number(),
                round.old().id(),
                round.old().term(),
                round.next().id(),
                round.next().term(),
                round.doneMillis(),
                round.writeGapMillis(),
                round.readGapMillis(),
                round.failures());
    }

    private static void print(Failover.Result result, List<String> problems) {
        long writes = result.history().count(Operation.Kind.WRITE, Operation.Outcome.OK);
        long reads = result.history().count(Operation.Kind.READ, Operation.Outcome.OK);
        System.out.printf(Locale.ROOT, "%d writes and %d reads", writes, reads);
        System.out.println(
                result.stubbornReads() > 0
                        ? "; " + result.stubbornReads() + " of the reads by clients that kept asking the old leader"
                        : "");
        if (problems.isEmpty()) {
            System.out.println(
                    "Linearizable; every acknowledged write is there, none twice; no client saw an error; all"
                            + " logs are equal.");
        }
        problems.forEach(problem -> System.out.println("PROBLEM: " + problem));
    }
}
