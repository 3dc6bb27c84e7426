package io.tenure.bench;

import io.tenure.bench.failover.Failover;
import io.tenure.bench.failover.FailoverPlan;
import io.tenure.bench.process.ClusterPlan;
import io.tenure.bench.process.ProcessCluster;
import io.tenure.history.HistoryFile;
import io.tenure.history.Operation;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench.jar failover}. */
@Command(
        name = "failover",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts a cluster of processes of its own, takes its leader down again and again under load, and checks that"
                    + " clients were told nothing but the truth: the history is linearizable, each acknowledged write is"
                    + " in the log, none twice, no operation failed, all logs are equal.",
            "Exit code 1 if anything is not as it should be; the data then stays."
        })
final class FailoverCommand implements Callable<Integer> {
    private static final int LEASES_OF_A_PAUSE = 3;

    @Mixin
    private ClusterOptions cluster;

    @Option(names = "--times", paramLabel = "N", description = "how often (${DEFAULT-VALUE})")
    private int times = 20;

    @Option(
            names = "--signal",
            description = "kill: kill -9, then started again; stop: kill -STOP for three leases, then -CONT (kill)")
    private FailoverPlan.Signal signal = FailoverPlan.Signal.KILL;

    @Option(names = "--clients", paramLabel = "N", description = "SDK clients (${DEFAULT-VALUE})")
    private int clients = 64;

    @Option(
            names = "--outstanding",
            paramLabel = "N",
            description = "operations under way at most (as many as clients)")
    private int outstanding;

    @Option(names = "--rate", paramLabel = "R", description = "operations per second; 0: no limit (${DEFAULT-VALUE})")
    private double rate = 2000;

    @Option(names = "--keys", paramLabel = "N", description = "keys that all clients share (${DEFAULT-VALUE})")
    private int keys = 8;

    @Option(names = "--history", paramLabel = "FILE", description = "keep the history")
    private Path historyFile;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (times < 1 || clients < 1 || keys < 1 || rate < 0) {
            throw new ParameterException(
                    spec.commandLine(), "--times, --clients and --keys must be at least 1, --rate not negative");
        }
        FailoverPlan plan = new FailoverPlan(
                signal,
                times,
                clients,
                outstanding > 0 ? outstanding : clients,
                rate,
                keys,
                Duration.ofMillis(LEASES_OF_A_PAUSE * cluster.leaseMillis()));
        ClusterPlan clusterPlan = cluster.plan("failover");
        Failover.Result result;
        try (ProcessCluster processes = new ProcessCluster(clusterPlan)) {
            processes.startAll();
            System.out.println("round  took down     new leader    after ms  longest outage ms  back after ms");
            result = new Failover(processes, plan).run(FailoverCommand::print);
        }
        if (historyFile != null) {
            try (BufferedWriter out = Files.newBufferedWriter(historyFile)) {
                HistoryFile.write(result.history(), out);
            }
        }
        return report(result, clusterPlan.folder());
    }

    private static void print(Failover.Round round) {
        System.out.printf(
                Locale.ROOT,
                "%5d  node %d term %-3d node %d term %-3d %7d  %17d  %13d%n",
                round.number(),
                round.old().id(),
                round.old().term(),
                round.next().id(),
                round.next().term(),
                round.leaderMillis(),
                round.outageMillis(),
                round.backMillis());
    }

    private int report(Failover.Result result, Path folder) throws IOException {
        long writes = result.history().count(Operation.Kind.WRITE, Operation.Outcome.OK);
        long reads = result.history().count(Operation.Kind.READ, Operation.Outcome.OK);
        System.out.printf(
                Locale.ROOT,
                "%d writes and %d reads of %d clients on %d keys%s%n",
                writes,
                reads,
                clients,
                keys,
                signal == FailoverPlan.Signal.STOP
                        ? "; " + result.stubbornReads() + " of the reads by clients that kept asking the stopped leader"
                        : "");
        if (result.problems().isEmpty()) {
            System.out.println(
                    "Linearizable; every acknowledged write is there, none twice; no client saw an error; all"
                            + " logs are equal.");
            cluster.tidyUp(folder);
            return 0;
        }
        result.problems().forEach(problem -> System.out.println("PROBLEM: " + problem));
        System.out.println("The data stays in " + folder);
        return 1;
    }
}
