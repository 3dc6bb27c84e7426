package io.tenure.bench.failover;

import io.tenure.bench.Latencies;
import io.tenure.bench.Load;
import io.tenure.bench.LoadPlan;
import io.tenure.bench.Target;
import io.tenure.bench.TenureTarget;
import io.tenure.bench.Workload;
import io.tenure.history.History;
import io.tenure.history.Operation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** Plays a scenario again and again under load, and tells what clients saw of it. */
public final class Failover {
    private final Testbed testbed;
    private final FailoverPlan plan;
    private final Queue<Operation> operations = new ConcurrentLinkedQueue<>();
    private final ClientView view = new ClientView();

    /**
     * What came of it.
     *
     * @param history all operations of clients
     * @param problems a sentence each; empty if no operation failed
     * @param stubbornReads answered by a leader that was taken away in between
     */
    public record Result(List<Round> rounds, History history, List<String> problems, long stubbornReads) {}

    /** Prepares; the cluster's nodes have been started. */
    public Failover(Testbed testbed, FailoverPlan plan) {
        this.testbed = testbed;
        this.plan = plan;
    }

    /**
     * Does it all.
     *
     * @param progress takes each round when it is over
     * @throws IllegalStateException if there is no leader, no success, or a node does not come back, in a minute
     */
    public Result run(Consumer<Round> progress) throws IOException, InterruptedException {
        List<Round> rounds = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        List<TenureTarget> targets = new ArrayList<>();
        long stubbornReads;
        try (RoundPlay play = new RoundPlay(testbed, plan, view, operations::add)) {
            play.awaitLeader();
            List<Load> loads = List.of(
                    load(Workload.SET, plan.writers(), "w", targets), load(Workload.GET, plan.readers(), "r", targets));
            loads.forEach(Load::start);
            for (int number = 1; number <= plan.times(); number++) {
                Round round = play.play(number);
                rounds.add(round);
                progress.accept(round);
            }
            for (Load load : loads) {
                problems.addAll(end(load));
            }
            stubbornReads = play.stubbornReads();
        } finally {
            targets.forEach(Target::close);
        }
        History history = new History();
        operations.forEach(history::add);
        return new Result(rounds, history, problems, stubbornReads);
    }

    private Load load(Workload workload, int clients, String prefix, List<TenureTarget> targets) {
        List<TenureTarget> own = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            own.add(TenureTarget.connect(testbed.addresses()));
        }
        targets.addAll(own);
        double opsPerSecond = plan.opsPerSecond() * clients / (plan.writers() + plan.readers());
        LoadPlan loadPlan = new LoadPlan(workload, clients, opsPerSecond, plan.keys(), RoundPlay.KEY_PREFIX, 0, true);
        return new Load(loadPlan, own, prefix, new Latencies(), this::took);
    }

    private void took(Operation operation) {
        operations.add(operation);
        view.took(operation);
    }

    private static List<String> end(Load load) throws InterruptedException {
        List<String> problems = new ArrayList<>();
        if (!load.stop(RoundPlay.PATIENCE)) {
            problems.add("operations without outcome after " + RoundPlay.PATIENCE.toSeconds() + " s");
        }
        if (load.errors() + load.unknown() > 0) {
            problems.add("clients saw " + load.errors() + " errors and " + load.unknown()
                    + " unknown outcomes; the first: " + load.firstError());
        }
        return problems;
    }
}
