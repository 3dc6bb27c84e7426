package io.tenure.bench.ports;

import io.tenure.bench.process.Await;
import io.tenure.bench.process.ProcessCluster;
import io.tenure.client.TenureClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Fuzzes the ports of running nodes. The cluster has one member more than it has nodes: the fuzzer speaks to the peer ports in
 * its name. Afterwards the nodes must be as they were: role, term and leader, log and index to the byte, memory, files and
 * threads; and a good request must work.
 */
public final class PortFuzz {
    /** What a node may take more than before; memory that a JVM touches for the first time is no leak. */
    private static final long HEAP_BYTES_MAX = 4 << 20;

    private static final long RESIDENT_BYTES_MAX = 48 << 20;
    private static final long FILES_MAX = 2;
    private static final long THREADS_MAX = 2;

    private static final int WRITES = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String CLUSTER_ID = "processes";

    private final ProcessCluster cluster;
    private final List<Integer> nodes;
    private final PortPlan plan;
    private final Consumer<String> out;
    private final List<String> problems = new ArrayList<>();

    /**
     * Prepares it.
     *
     * @param nodes those that are started; the cluster's last member is not
     * @param out sees a line now and then
     */
    public PortFuzz(ProcessCluster cluster, List<Integer> nodes, PortPlan plan, Consumer<String> out) {
        this.cluster = cluster;
        this.nodes = nodes;
        this.plan = plan;
        this.out = out;
    }

    /** Runs; returns what is not as it should be. */
    public List<String> run() throws IOException, InterruptedException, ExecutionException {
        ProcessCluster.Leader leader = start();
        attack(plan.warmUpFrames(), plan.seed(), leader.term());
        Map<Integer, NodeVitals> before = vitals();
        Map<String, byte[]> files = files();
        long beginNanos = System.nanoTime();
        attack(plan.frames(), plan.seed() + 1_000, leader.term());
        double seconds = (System.nanoTime() - beginNanos) / 1e9;
        out.accept(String.format("%d frames at each port in %.0f s", plan.frames(), seconds));
        Map<Integer, NodeVitals> after = vitals();
        compare(before, after);
        if (!cluster.leader().equals(java.util.Optional.of(leader))) {
            problems.add("node " + leader.id() + " led term " + leader.term() + "; now: " + cluster.describe());
        }
        Map<String, byte[]> filesAfter = files();
        files.forEach((path, bytes) -> {
            if (!Arrays.equals(bytes, filesAfter.get(path))) {
                problems.add(path + " has changed");
            }
        });
        try (TenureClient client = TenureClient.connect(cluster.addresses())) {
            client.set("after", "all");
            if (!client.get("after").equals(java.util.Optional.of("all"))) {
                problems.add("a good write is not read");
            }
        }
        checkOutputs();
        return problems;
    }

    /** A leader in a term above 0, and a log. */
    private ProcessCluster.Leader start() throws IOException, InterruptedException {
        for (int id : nodes) {
            cluster.start(id);
        }
        ProcessCluster.Leader first = cluster.awaitLeader(PATIENCE);
        cluster.kill(first.id());
        cluster.start(first.id());
        ProcessCluster.Leader leader = cluster.awaitLeader(PATIENCE, first.term());
        try (TenureClient client = TenureClient.connect(cluster.addresses())) {
            for (int i = 0; i < WRITES; i++) {
                client.set("k" + i % 8, "v" + i);
            }
        }
        cluster.awaitEqual(PATIENCE);
        return cluster.awaitLeader(PATIENCE, leader.term() - 1);
    }

    private void attack(long frames, long seed, long term) throws InterruptedException, ExecutionException {
        AtomicLong clientFrames = new AtomicLong(frames);
        AtomicLong peerFrames = new AtomicLong(frames);
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<List<String>>> assaults = new ArrayList<>();
        for (int id : nodes) {
            assaults.add(threads.submit(new ClientPortAssault(cluster.clientPort(id), clientFrames, seed + id)));
            assaults.add(threads.submit(new PeerPortAssault(
                    cluster.peerPort(id), peerFrames, seed + 100 + id, CLUSTER_ID, nodes.size(), id, term)));
        }
        for (Future<List<String>> each : assaults) {
            problems.addAll(each.get());
        }
        threads.shutdown();
    }

    private Map<Integer, NodeVitals> vitals() throws IOException, InterruptedException {
        Map<Integer, NodeVitals> vitals = new TreeMap<>();
        for (int id : nodes) {
            if (!cluster.isRunning(id)) {
                problems.add("node " + id + " is gone");
                continue;
            }
            vitals.put(id, NodeVitals.of(cluster.pid(id)));
        }
        return vitals;
    }

    private void compare(Map<Integer, NodeVitals> before, Map<Integer, NodeVitals> after)
            throws IOException, InterruptedException {
        out.accept("node           heap KiB       resident KiB       threads         files");
        for (int id : after.keySet()) {
            NodeVitals was = before.get(id);
            // Sockets that the last frames have closed may take a moment.
            NodeVitals is = Await.await(
                    PATIENCE,
                    () -> {
                        NodeVitals now = now(id);
                        return now.files() <= was.files() + FILES_MAX ? now : null;
                    },
                    () -> "node " + id + " closes files: " + now(id));
            out.accept(String.format(
                    "%4d  %7d -> %7d  %7d -> %7d  %4d -> %4d  %4d -> %4d",
                    id,
                    was.heapBytes() >> 10,
                    is.heapBytes() >> 10,
                    was.residentBytes() >> 10,
                    is.residentBytes() >> 10,
                    was.threads(),
                    is.threads(),
                    was.files(),
                    is.files()));
            if (is.heapBytes() > was.heapBytes() + HEAP_BYTES_MAX
                    || is.residentBytes() > was.residentBytes() + RESIDENT_BYTES_MAX
                    || is.threads() > was.threads() + THREADS_MAX) {
                problems.add("node " + id + " has grown from " + was + " to " + is);
            }
        }
    }

    private NodeVitals now(int id) {
        try {
            return NodeVitals.of(cluster.pid(id));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Map<String, byte[]> files() throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        for (int id : nodes) {
            for (String name : List.of("logs.txt", "logs.idx")) {
                Path file = cluster.dataFolder(id).resolve(name);
                files.put(file.toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }

    /** What the nodes print and dump is lines of text, and not many. */
    private void checkOutputs() throws IOException {
        for (int id : nodes) {
            for (Path file : List.of(cluster.output(id), cluster.dataFolder(id).resolve("dump.txt"))) {
                String text = Files.readString(file);
                out.accept(file.getFileName() + " of node " + id + ": "
                        + text.lines().count() + " lines");
                if (!text.codePoints().allMatch(c -> c == '\n' || !Character.isISOControl(c))) {
                    problems.add(file + " holds control characters");
                }
                if (text.contains("Exception") || text.contains("\tat ")) {
                    problems.add(file + " tells of an exception");
                }
                if (text.contains("LEAK")) {
                    problems.add(file + " tells of a buffer that nobody released");
                }
            }
        }
    }
}
