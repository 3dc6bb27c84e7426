package io.tenure.bench.failover;

import io.tenure.bench.Latencies;
import io.tenure.bench.Load;
import io.tenure.bench.LoadPlan;
import io.tenure.bench.Target;
import io.tenure.bench.TenureTarget;
import io.tenure.bench.Workload;
import io.tenure.bench.process.Await;
import io.tenure.bench.process.LogArchive;
import io.tenure.bench.process.ProcessCluster;
import io.tenure.bench.process.ProcessCluster.Leader;
import io.tenure.history.History;
import io.tenure.history.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** Takes the leader down again and again under load, and judges what clients and disks tell of it. */
public final class Failover {
    private static final String KEY_PREFIX = "k";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Successes that must come between two rounds. */
    private static final long SUCCESSES_BETWEEN = 500;

    private final ProcessCluster cluster;
    private final FailoverPlan plan;
    private final Queue<Operation> operations = new ConcurrentLinkedQueue<>();
    private final Outage outage = new Outage();
    private long stubbornReads;

    /**
     * One round.
     *
     * @param leaderMillis until a majority acknowledged another leader
     * @param outageMillis longest time without a success of any client
     * @param backMillis from the node's return until it had caught up
     */
    public record Round(int number, Leader old, Leader next, long leaderMillis, long outageMillis, long backMillis) {}

    /**
     * What came of it.
     *
     * @param problems a sentence each; empty if everything is as it should be
     * @param stubbornReads answered by a leader that was stopped in between
     */
    public record Result(List<Round> rounds, History history, List<String> problems, long stubbornReads) {}

    /** Prepares; the cluster's nodes are running. */
    public Failover(ProcessCluster cluster, FailoverPlan plan) {
        this.cluster = cluster;
        this.plan = plan;
    }

    /**
     * Does it all.
     *
     * @param progress takes each round when it is over
     * @throws IllegalStateException if there is no leader, or a node does not come back, in a minute
     */
    public Result run(Consumer<Round> progress) throws IOException, InterruptedException {
        try (LogArchive archive = new LogArchive(cluster)) {
            return run(progress, archive);
        }
    }

    private Result run(Consumer<Round> progress, LogArchive archive) throws IOException, InterruptedException {
        cluster.awaitLeader(PATIENCE);
        List<Round> rounds = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        List<TenureTarget> targets = new ArrayList<>();
        LoadPlan loadPlan =
                new LoadPlan(Workload.MIXED, plan.outstanding(), plan.opsPerSecond(), plan.keys(), KEY_PREFIX, 0, true);
        try {
            for (int i = 0; i < plan.clients(); i++) {
                targets.add(TenureTarget.connect(cluster.addresses()));
            }
            Load load = new Load(loadPlan, targets, new Latencies(), this::took);
            load.start();
            for (int number = 1; number <= plan.times(); number++) {
                awaitSuccesses();
                Round round = round(number);
                rounds.add(round);
                progress.accept(round);
            }
            awaitSuccesses();
            if (!load.stop(PATIENCE)) {
                problems.add("operations without outcome after " + PATIENCE.toSeconds() + " s");
            }
            if (load.errors() + load.unknown() > 0) {
                problems.add("clients saw " + load.errors() + " errors and " + load.unknown()
                        + " unknown outcomes; the first: " + load.firstError());
            }
        } finally {
            targets.forEach(Target::close);
        }
        History history = new History();
        operations.forEach(history::add);
        problems.addAll(Judgement.problems(cluster, archive, history, PATIENCE));
        return new Result(rounds, history, problems, stubbornReads);
    }

    private void took(Operation operation) {
        operations.add(operation);
        if (operation.outcome() == Operation.Outcome.OK) {
            outage.success();
        }
    }

    private void awaitSuccesses() throws InterruptedException {
        long target = outage.successes() + SUCCESSES_BETWEEN;
        Await.await(
                PATIENCE,
                () -> outage.successes() >= target ? Boolean.TRUE : null,
                () -> SUCCESSES_BETWEEN + " successes of clients. " + cluster.describe());
    }

    private Round round(int number) throws IOException, InterruptedException {
        Leader old = cluster.awaitLeader(PATIENCE);
        outage.reset();
        return plan.signal() == FailoverPlan.Signal.KILL ? killRound(number, old) : stopRound(number, old);
    }

    private Round killRound(int number, Leader old) throws IOException, InterruptedException {
        long start = System.nanoTime();
        cluster.kill(old.id());
        Leader next = cluster.awaitLeader(PATIENCE, old.term());
        long leaderMillis = millisSince(start);
        awaitSuccesses();
        long back = System.nanoTime();
        cluster.start(old.id());
        cluster.awaitCaughtUp(old.id(), PATIENCE);
        return new Round(number, old, next, leaderMillis, outage.longestNanos() / 1_000_000, millisSince(back));
    }

    private Round stopRound(int number, Leader old) throws IOException, InterruptedException {
        try (StubbornReader reader = new StubbornReader(
                "stubborn" + number, cluster.clientPort(old.id()), KEY_PREFIX, plan.keys(), operations::add)) {
            Await.await(
                    PATIENCE,
                    () -> reader.answered() > 0 ? Boolean.TRUE : null,
                    () -> "a read of the leader. " + cluster.describe());
            long start = System.nanoTime();
            cluster.pause(old.id());
            Leader next;
            long leaderMillis;
            try {
                next = cluster.awaitLeader(PATIENCE, old.term());
                leaderMillis = millisSince(start);
                Await.pause(plan.pause().minusNanos(System.nanoTime() - start));
            } finally {
                cluster.resume(old.id());
            }
            long back = System.nanoTime();
            cluster.awaitCaughtUp(old.id(), PATIENCE);
            long backMillis = millisSince(back);
            reader.finish();
            stubbornReads += reader.answered();
            return new Round(number, old, next, leaderMillis, outage.longestNanos() / 1_000_000, backMillis);
        }
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }
}
