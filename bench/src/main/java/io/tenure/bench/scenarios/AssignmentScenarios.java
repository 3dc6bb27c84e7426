package io.tenure.bench.scenarios;

import io.tenure.bench.process.Await;
import io.tenure.bench.process.ProcessCluster;
import io.tenure.bench.process.ProcessCluster.Leader;
import io.tenure.client.ClientOptions;
import io.tenure.client.NotDoneException;
import io.tenure.client.TenureClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * The scenarios, in their order, on one cluster of five nodes that is not yet started. Each but the first begins with all
 * nodes up, whatever became of the one before it. One thread.
 */
public final class AssignmentScenarios implements AutoCloseable {
    /** How many nodes they are written for. */
    public static final int NODES = 5;

    /** Within which calls must fail when there is no leader to be had. */
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(3);

    /** For a busy machine, on top of any limit in time. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    private final ProcessCluster cluster;
    private final Timing timing;
    private final Duration patience;
    private final TenureClient client;

    /** All that was acknowledged, in this order. No key is written twice. */
    private final Map<String, String> written = new LinkedHashMap<>();

    /** Prepares. The cluster remains its maker's to close. */
    public AssignmentScenarios(ProcessCluster cluster, Timing timing) {
        this.cluster = cluster;
        this.timing = timing;
        this.patience = timing.patience();
        this.client = TenureClient.connect(ClientOptions.of(cluster.addresses()).withTimeout(patience));
    }

    /** All of them, to be played in this order. */
    public List<Scenario> all() {
        return List.of(
                new Scenario("0. Five nodes start: a leader, and its NO-OP in all logs", this::start),
                new Scenario(
                        "1. 3 SET and 3 GET: sets in every log, reads at once and without a trace", this::writeAndRead),
                new Scenario("2. Two followers down, 3 SET and 3 GET, both back: they catch up", this::followersDown),
                new Scenario("3. Leader down: the next one waits for its lease; back, it follows", this::leaderDown),
                new Scenario(
                        "4. Three followers down: reads within the lease, then the leader steps down",
                        this::leaseLapses),
                new Scenario("5. All but two followers down: calls fail in time, nobody leads", this::twoLeft));
    }

    private List<String> start() throws IOException, InterruptedException {
        cluster.startAll();
        Leader leader = cluster.awaitLeader(patience);
        String noOp = "NO-OP " + leader.term();
        awaitLogs(lines -> lines.contains(noOp), noOp);
        for (int id : cluster.ids()) {
            List<String> lines = cluster.log(id).lines();
            check(lines.stream().allMatch(line -> line.startsWith("NO-OP ")), "node " + id + " logs " + lines);
        }
        List<String> evidence = new ArrayList<>(DumpWatch.fromStart(cluster, leader.id())
                .await(
                        patience,
                        "Node " + leader.id() + " election timer timed out, Starting election.",
                        "Node " + leader.id() + " became the leader for term " + leader.term(),
                        "Node " + leader.id() + " (leader) committed the entry NO-OP to the state machine."));
        for (int id : others(leader.id(), NODES - 1)) {
            evidence.addAll(DumpWatch.fromStart(cluster, id)
                    .await(
                            patience,
                            "Node " + id + " accepted AppendEntries RPC from " + leader.id() + ".",
                            "Node " + id + " committed the entry NO-OP to the state machine"));
        }
        return evidence;
    }

    private List<String> writeAndRead() throws IOException, InterruptedException {
        Leader leader = allUp();
        DumpWatch dump = DumpWatch.fromNow(cluster, leader.id());
        Map<String, String> pairs = write("one", 3);
        long entries = cluster.awaitEqual(patience);
        long started = System.nanoTime();
        read(pairs);
        Duration took = Duration.ofNanos(System.nanoTime() - started);
        List<String> reads = pairs.keySet().stream()
                .map(key -> "Node " + leader.id() + " (leader) received an GET " + key + " request.")
                .toList();
        List<String> evidence = new ArrayList<>(dump.await(patience, reads.toArray(String[]::new)));
        long beats = heartbeatsBetween(dump.lines(), leader.id(), reads.get(0), reads.get(2));
        long due = took.dividedBy(timing.heartbeat()) + 1;
        check(beats <= due, beats + " heartbeats during reads that took " + took.toMillis() + " ms");
        evidence.add("3 reads in " + took.toMillis() + " ms, heartbeats meanwhile: " + beats);
        check(cluster.awaitEqual(patience) == entries, "reads lengthened the log");
        verifyLogs();
        evidence.addAll(commits(dump, leader.id(), pairs, true));
        return evidence;
    }

    private List<String> followersDown() throws IOException, InterruptedException {
        Leader leader = allUp();
        DumpWatch leaderDump = DumpWatch.fromNow(cluster, leader.id());
        List<Integer> down = others(leader.id(), 2);
        for (int id : down) {
            cluster.kill(id);
        }
        Map<String, String> pairs = write("two", 3);
        read(pairs);
        List<String> evidence = new ArrayList<>();
        for (int id : down) {
            evidence.addAll(leaderDump.await(patience, "Error occurred while sending RPC to Node " + id + "."));
        }
        List<DumpWatch> dumps =
                down.stream().map(id -> DumpWatch.fromNow(cluster, id)).toList();
        for (int id : down) {
            cluster.start(id);
        }
        cluster.awaitEqual(patience);
        verifyLogs();
        for (int i = 0; i < down.size(); i++) {
            evidence.addAll(commits(dumps.get(i), down.get(i), pairs, false));
        }
        return evidence;
    }

    private List<String> leaderDown() throws IOException, InterruptedException {
        Leader old = allUp();
        DumpWatch[] dumps = new DumpWatch[NODES];
        for (int id : cluster.ids()) {
            dumps[id] = DumpWatch.fromNow(cluster, id);
        }
        long killed = System.nanoTime();
        cluster.kill(old.id());
        Leader next = cluster.awaitLeader(patience, old.term());
        Duration elected = Duration.ofNanos(System.nanoTime() - killed);
        Map<String, String> pairs = write("three", 2);
        read(pairs);
        List<String> office = new ArrayList<>(List.of(
                "Node " + next.id() + " election timer timed out, Starting election.",
                "Node " + next.id() + " became the leader for term " + next.term(),
                "New Leader waiting for Old Leader Lease to timeout.",
                "Node " + next.id() + " (leader) committed the entry NO-OP to the state machine."));
        // An election can by chance take longer than what was left of the lease.
        if (elected.compareTo(timing.lease().minus(timing.heartbeat())) > 0) {
            office.remove(2);
        }
        List<String> evidence = new ArrayList<>(dumps[next.id()].await(patience, office.toArray(String[]::new)));
        evidence.add("a new leader " + elected.toMillis() + " ms after the kill");
        cluster.start(old.id());
        cluster.awaitEqual(patience);
        Await.await(
                patience,
                () -> cluster.report(old.id())
                        .filter(report -> report.getRole().equals("FOLLOWER"))
                        .orElse(null),
                () -> "node " + old.id() + " as a follower. " + cluster.describe());
        verifyLogs();
        read(written);
        evidence.addAll(commits(dumps[old.id()], old.id(), pairs, false));
        return evidence;
    }

    private List<String> leaseLapses() throws IOException, InterruptedException {
        Leader leader = allUp();
        Map<String, String> pairs = write("four", 1);
        String key = pairs.keySet().iterator().next();
        DumpWatch dump = DumpWatch.fromNow(cluster, leader.id());
        long lastKill = 0;
        for (int id : others(leader.id(), 3)) {
            lastKill = System.nanoTime();
            cluster.kill(id);
        }
        // No majority is left to ask: only the lease can answer this.
        read(pairs);
        Duration read = Duration.ofNanos(System.nanoTime() - lastKill);
        check(read.compareTo(timing.lease()) < 0, "the read took " + read.toMillis() + " ms, as long as the lease");
        Await.await(
                patience,
                () -> cluster.report(leader.id())
                        .filter(report -> !report.getRole().equals("LEADER"))
                        .orElse(null),
                () -> "the end of leadership. " + cluster.describe());
        Duration end = Duration.ofNanos(System.nanoTime() - lastKill);
        check(end.compareTo(timing.lease().dividedBy(2)) > 0, "stepped down after " + end.toMillis() + " ms");
        check(end.compareTo(timing.lease().plus(SLACK)) < 0, "stepped down after " + end.toMillis() + " ms");
        List<String> evidence = new ArrayList<>(dump.await(
                patience,
                "Node " + leader.id() + " (leader) received an GET " + key + " request.",
                "Leader " + leader.id() + " lease renewal failed. Stepping Down.",
                leader.id() + " Stepping down"));
        evidence.add("the read was answered " + read.toMillis() + " ms after the third follower was killed, the leader"
                + " stepped down after " + end.toMillis() + " ms; lease "
                + timing.lease().toMillis() + " ms");
        return evidence;
    }

    private List<String> twoLeft() throws IOException, InterruptedException {
        Leader leader = allUp();
        List<Integer> followers = others(leader.id(), NODES - 1);
        List<Integer> left = followers.subList(0, 2);
        for (int id : followers.subList(2, NODES - 1)) {
            cluster.kill(id);
        }
        cluster.kill(leader.id());
        List<DumpWatch> dumps =
                left.stream().map(id -> DumpWatch.fromNow(cluster, id)).toList();
        List<String> evidence = failingCalls();
        for (int i = 0; i < left.size(); i++) {
            int id = left.get(i);
            DumpWatch dump = dumps.get(i);
            // Both tried in vain, more than once.
            String attempt = "Node " + id + " election timer timed out, Starting election.";
            evidence.addAll(dump.await(patience, attempt, attempt));
            check(
                    dump.lines().stream().noneMatch(line -> line.contains(" became the leader for term ")),
                    "node " + id + " became leader without a majority");
            check(
                    cluster.log(id).sets().stream().noneMatch(line -> line.startsWith("SET nobody ")),
                    "a write that failed is in the log of node " + id);
        }
        check(cluster.leader().isEmpty(), "two of five nodes have a leader");
        allUp();
        verifyLogs();
        read(written);
        evidence.add("all nodes back: a leader, and nothing lost");
        return evidence;
    }

    private List<String> failingCalls() throws InterruptedException {
        try (TenureClient hasty =
                TenureClient.connect(ClientOptions.of(cluster.addresses()).withTimeout(CALL_TIMEOUT))) {
            long started = System.nanoTime();
            CompletableFuture<?> write = hasty.setAsync("nobody", "hears");
            CompletableFuture<?> read =
                    hasty.getAsync(written.keySet().iterator().next());
            CompletableFuture<Void> both = CompletableFuture.allOf(write, read);
            Await.await(
                    CALL_TIMEOUT.plus(SLACK),
                    () -> both.isDone() ? Boolean.TRUE : null,
                    () -> "an outcome of calls that can't succeed");
            long millis = (System.nanoTime() - started) / 1_000_000;
            List<String> evidence = new ArrayList<>();
            evidence.add("SET failed: " + failure(write));
            evidence.add("GET failed: " + failure(read));
            evidence.add("both after " + millis + " ms; their deadline was " + CALL_TIMEOUT.toMillis() + " ms");
            return evidence;
        }
    }

    private static String failure(CompletableFuture<?> call) {
        Throwable error = call.handle((value, thrown) -> thrown).join();
        check(error != null, "a call succeeded without a majority");
        check(error instanceof NotDoneException, "a call failed in another way: " + error);
        return error.getMessage();
    }

    // ------------------------------------------------------------------ steps

    /** Starts what is down and waits until all nodes have the same log. */
    private Leader allUp() throws IOException, InterruptedException {
        for (int id : cluster.ids()) {
            if (!cluster.isRunning(id)) {
                cluster.start(id);
            }
        }
        cluster.awaitLeader(patience);
        // Commits, so that nothing older is under way any more.
        write("up", 1);
        cluster.awaitEqual(patience);
        return cluster.awaitLeader(patience);
    }

    private List<Integer> others(int than, int count) {
        return cluster.ids().stream().filter(id -> id != than).limit(count).toList();
    }

    private Map<String, String> write(String prefix, int count) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String key = prefix + "-" + written.size();
            String value = "v" + written.size();
            client.set(key, value);
            pairs.put(key, value);
            written.put(key, value);
        }
        return pairs;
    }

    private void read(Map<String, String> pairs) {
        pairs.forEach((key, value) -> {
            String answer = client.get(key).orElse(null);
            check(value.equals(answer), "GET " + key + " answers " + answer + " instead of " + value);
        });
    }

    /** All that was acknowledged stands in every log, in this order, once, and no other write or read does. */
    private void verifyLogs() throws IOException {
        List<String> expected = written.entrySet().stream()
                .map(pair -> "SET " + pair.getKey() + " " + pair.getValue())
                .toList();
        for (int id : cluster.ids()) {
            List<String> found = cluster.log(id).lines().stream()
                    .filter(line -> !line.startsWith("NO-OP "))
                    .map(line -> line.substring(0, line.lastIndexOf(' ')))
                    .toList();
            check(found.equals(expected), "node " + id + " logs " + found + " instead of " + expected);
        }
    }

    private void awaitLogs(Predicate<List<String>> condition, String what) throws InterruptedException {
        for (int id : cluster.ids()) {
            Await.await(
                    patience,
                    () -> condition.test(lines(id)) ? Boolean.TRUE : null,
                    () -> what + " in logs.txt of node " + id + ". " + cluster.describe());
        }
    }

    private List<String> lines(int id) {
        try {
            return cluster.log(id).lines();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> commits(DumpWatch dump, int id, Map<String, String> pairs, boolean leader)
            throws InterruptedException {
        return dump.await(
                patience,
                pairs.entrySet().stream()
                        .map(pair -> "Node " + id + (leader ? " (leader)" : "") + " committed the entry SET "
                                + pair.getKey() + " " + pair.getValue() + " to the state machine"
                                + (leader ? "." : ""))
                        .toArray(String[]::new));
    }

    private static long heartbeatsBetween(List<String> lines, int leader, String first, String last) {
        return lines.subList(lines.indexOf(first), lines.lastIndexOf(last)).stream()
                .filter(("Leader " + leader + " sending heartbeat & Renewing Lease")::equals)
                .count();
    }

    private static void check(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
