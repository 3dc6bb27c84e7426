package io.tenure.bench.chaos;

import io.tenure.bench.Latencies;
import io.tenure.bench.Load;
import io.tenure.bench.LoadPlan;
import io.tenure.bench.TenureTarget;
import io.tenure.bench.Workload;
import io.tenure.bench.failover.Judgement;
import io.tenure.bench.process.LogArchive;
import io.tenure.bench.process.ProcessCluster;
import io.tenure.history.History;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Flips bits in the files of one node, one at a time, while the cluster serves clients: each must be found, by {@code verify}
 * and by the node itself, which must put it right with the help of its peers. At last the same entry rots on two nodes.
 */
public final class Flips {
    private static final int CLIENTS = 8;
    private static final int OUTSTANDING = 32;
    private static final long EACH_BETWEEN = 20;
    private static final double SECONDS_MAX = 60;
    private static final Damage.Target[] TARGETS = {
        Damage.Target.LOG, Damage.Target.INDEX, Damage.Target.SNAPSHOT, Damage.Target.METADATA
    };

    private final ProcessCluster cluster;
    private final Tally tally = new Tally();
    private final Random random;
    private final Consumer<String> progress;
    private final List<String> problems = new ArrayList<>();
    private double longestSeconds;

    /**
     * What came of it.
     *
     * @param longestSeconds from a start on a damaged file until the node had caught up
     * @param problems a sentence each; empty if everything is as it should be
     */
    public record Result(History history, double longestSeconds, List<String> problems) {}

    /**
     * Prepares; the nodes are running.
     *
     * @param progress takes a line for each flip
     */
    public Flips(ProcessCluster cluster, long seed, Consumer<String> progress) {
        this.cluster = cluster;
        this.random = new Random(seed);
        this.progress = progress;
    }

    /**
     * Does it all.
     *
     * @param times how many bits of the one node's files flip
     * @param node whose
     * @throws IllegalStateException if the cluster serves nobody, or a node does not come back in a minute
     */
    public Result run(int times, int node, double opsPerSecond, int keys) throws IOException, InterruptedException {
        cluster.awaitLeader(Arena.PATIENCE);
        LoadPlan plan = new LoadPlan(Workload.MIXED, OUTSTANDING, opsPerSecond, keys, "k", 0, true);
        List<TenureTarget> targets = new ArrayList<>();
        try (LogArchive archive = new LogArchive(cluster)) {
            for (int i = 0; i < CLIENTS; i++) {
                targets.add(TenureTarget.connect(cluster.addresses()));
            }
            Load load = new Load(plan, targets, new Latencies(), tally::add);
            load.start();
            for (int number = 1; number <= times; number++) {
                tally.awaitMore(EACH_BETWEEN, Arena.PATIENCE, cluster::describe);
                flip(number, node, archive);
            }
            expectGood(node, "is not as it was before the last flip");
            cluster.start(node);
            cluster.awaitCaughtUp(node, Arena.PATIENCE);
            rotOnTwo(node, (node + 1) % cluster.ids().size(), archive);
            tally.awaitMore(EACH_BETWEEN, Arena.PATIENCE, cluster::describe);
            if (!load.stop(Arena.PATIENCE)) {
                problems.add("operations without outcome after " + Arena.PATIENCE.toSeconds() + " s");
            }
            History history = tally.history();
            problems.addAll(Judgement.problems(cluster, archive, history, Arena.PATIENCE));
            return new Result(history, longestSeconds, problems);
        } finally {
            targets.forEach(TenureTarget::close);
        }
    }

    private void flip(int number, int node, LogArchive archive) throws IOException, InterruptedException {
        expectGood(node, "is damaged before flip " + number);
        cluster.awaitEverythingWithout(node, Arena.PATIENCE);
        Damage damage = damage(node, archive);
        Damage.Target target = TARGETS[number % TARGETS.length];
        if (damage.files(target).isEmpty()) {
            target = Damage.Target.LOG;
        }
        Damage.Flip flip = damage.flip(target);
        if (cluster.verify(node).isEmpty()) {
            problems.add("verify did not find " + flip);
        }
        double seconds = comeBack(List.of(node));
        progress.accept(String.format(Locale.ROOT, "%3d  %-60s back after %.1f s", number, flip, seconds));
    }

    private Damage damage(int node, LogArchive archive) {
        return new Damage(cluster.dataFolder(node), random, archive::beforeDamage);
    }

    /** Stops a node and has all its files read. */
    private void expectGood(int node, String otherwise) throws IOException, InterruptedException {
        cluster.terminate(node);
        List<String> damage = cluster.verify(node);
        if (!damage.isEmpty()) {
            problems.add("node " + node + " " + otherwise + ": " + damage);
        }
    }

    private double comeBack(List<Integer> nodes) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        for (int node : nodes) {
            cluster.start(node);
        }
        for (int node : nodes) {
            cluster.awaitCaughtUp(node, Duration.ofSeconds((long) SECONDS_MAX));
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        longestSeconds = Math.max(longestSeconds, seconds);
        return seconds;
    }

    /** The same entry is damaged on two nodes of three; what was acknowledged is on the third. */
    private void rotOnTwo(int one, int other, LogArchive archive) throws IOException, InterruptedException {
        cluster.terminate(one);
        cluster.awaitEverythingWithout(one, Arena.PATIENCE);
        cluster.terminate(other);
        long first = Math.max(cluster.log(one).firstIndex(), cluster.log(other).firstIndex());
        long last = Math.min(cluster.log(one).lastIndex(), cluster.log(other).lastIndex());
        long index = first + (long) (random.nextDouble() * (last - first));
        damage(one, archive).flipEntry(index);
        damage(other, archive).flipEntry(index);
        double seconds = comeBack(List.of(one, other));
        progress.accept(String.format(
                Locale.ROOT, "entry %d on nodes %d and %d, both back after %.1f s", index, one, other, seconds));
    }
}
