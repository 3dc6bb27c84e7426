package io.tenure.bench.process;

import io.tenure.net.FreePorts;
import io.tenure.protocol.HostPort;
import io.tenure.protocol.proto.NodeStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A cluster of node processes on this machine, on free ports of the loopback address. One thread controls it. However it
 * ends, its processes end with it: by {@link #close}, or with this JVM.
 */
public final class ProcessCluster implements AutoCloseable {
    private static final Duration TERM_PATIENCE = Duration.ofSeconds(20);
    private final ClusterPlan plan;
    private final Surroundings surroundings;
    private final List<Integer> ports;
    private final List<NodeProcess> processes = new ArrayList<>();
    private final List<NodeStatusProbe> probes = new ArrayList<>();
    /** How many lines of a node's settings, the last ones, are the plan's. */
    private int extraSettings;

    private final Thread hook = new Thread(() -> processes.forEach(NodeProcess::destroy), "kill-nodes");

    /** Who leads, in which term. */
    public record Leader(int id, long term) {}

    /**
     * Writes the settings, and starts nothing yet.
     *
     * @throws IOException if the folder can't be written or there are no free ports
     */
    public ProcessCluster(ClusterPlan plan) throws IOException {
        this(plan, Surroundings.PLAIN);
    }

    /**
     * The same in other surroundings.
     *
     * @throws IOException if the folder can't be written or there are no free ports
     */
    public ProcessCluster(ClusterPlan plan, Surroundings surroundings) throws IOException {
        this.plan = plan;
        this.surroundings = surroundings;
        Files.createDirectories(plan.folder());
        ports = FreePorts.find(2 * plan.nodes());
        for (int id = 0; id < plan.nodes(); id++) {
            Path settings = settingsFile(id);
            Files.write(settings, settings(id));
            processes.add(new NodeProcess(plan.command("--conf", settings.toString()), output(id)));
            probes.add(new NodeStatusProbe(HostPort.parse(address(id))));
        }
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Gives nodes other settings, from their next start on.
     *
     * @param lines of YAML besides those that name nodes, addresses and folder
     */
    public void changeSettings(List<String> lines) throws IOException {
        for (int id : ids()) {
            Path file = settingsFile(id);
            List<String> own = Files.readAllLines(file);
            List<String> changed = new ArrayList<>(own.subList(0, own.size() - extraSettings));
            changed.addAll(lines);
            Files.write(file, changed);
        }
        extraSettings = lines.size();
    }

    private Path settingsFile(int id) {
        return plan.folder().resolve("node" + id + ".yaml");
    }

    private List<String> settings(int id) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("nodeId: " + id);
        lines.add("clusterId: processes");
        lines.add("members:");
        for (int member = 0; member < plan.nodes(); member++) {
            int peerPort = member == id ? peerPort(id) : surroundings.peerPort(id, member, peerPort(member));
            lines.add("  - {id: " + member + ", peer: \"127.0.0.1:" + peerPort + "\", client: \"" + address(member)
                    + "\"}");
        }
        lines.add("dataDir: '"
                + surroundings.dataDir(id, plan.folder()).toString().replace("'", "''") + "'");
        lines.addAll(plan.settings());
        extraSettings = plan.settings().size();
        return lines;
    }

    // ------------------------------------------------------------------ where things are

    /** Ids of all nodes, running or not. */
    public List<Integer> ids() {
        return IntStream.range(0, plan.nodes()).boxed().toList();
    }

    /** Client addresses of all nodes, as the SDK and {@code kv} take them. */
    public String addresses() {
        return ids().stream().map(this::address).collect(Collectors.joining(","));
    }

    /** Client address of one node. */
    public String address(int id) {
        return "127.0.0.1:" + clientPort(id);
    }

    /** Client port of one node. */
    public int clientPort(int id) {
        return ports.get(id);
    }

    /** Port of one node for the other nodes. */
    public int peerPort(int id) {
        return ports.get(plan.nodes() + id);
    }

    /** Folder of a node's log, metadata and dump. */
    public Path dataFolder(int id) {
        return surroundings.dataDir(id, plan.folder()).resolve("logs_node_" + id);
    }

    /** What a node printed, all its runs after another. */
    public Path output(int id) {
        return plan.folder().resolve("node_" + id + ".out");
    }

    /** The lines of a node's log, of all its files. */
    public LogText log(int id) throws IOException {
        return LogText.read(dataFolder(id));
    }

    /** A node's snapshot, if it has one. */
    public Optional<SnapshotText> snapshot(int id) throws IOException {
        return Optional.ofNullable(SnapshotText.read(dataFolder(id)));
    }

    /** The lines of a node's dump.txt. */
    public List<String> dump(int id) throws IOException {
        Path file = dataFolder(id).resolve("dump.txt");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    // ------------------------------------------------------------------ processes

    /** Starts every node. */
    public void startAll() throws IOException {
        for (int id : ids()) {
            start(id);
        }
    }

    /** Starts a node that is not running, on the data that it left. */
    public void start(int id) throws IOException {
        processes.get(id).start();
    }

    /** Ends a node as {@code kill -9} does, and waits until it is gone. */
    public void kill(int id) throws InterruptedException {
        processes.get(id).kill();
    }

    /**
     * Ends a node as Ctrl-C does, and waits until it is gone.
     *
     * @return its exit code
     */
    public int terminate(int id) throws InterruptedException {
        return processes.get(id).terminate(TERM_PATIENCE);
    }

    /** Stops a node in its tracks (SIGSTOP): it is there, and does nothing. */
    public void pause(int id) throws IOException, InterruptedException {
        processes.get(id).pause();
    }

    /** Lets a stopped node go on (SIGCONT). */
    public void resume(int id) throws IOException, InterruptedException {
        processes.get(id).resume();
    }

    /** What {@code node.jar verify} has against the folder of a node that is stopped; empty if nothing. */
    public List<String> verify(int id) throws IOException, InterruptedException {
        ClusterPlan.Ran verify = plan.run("verify", "--data", dataFolder(id).toString());
        return verify.exitCode() == 0 ? List.of() : verify.said();
    }

    /** What comes of {@code node.jar rejoin} for a node, which should be stopped. */
    public ClusterPlan.Ran rejoin(int id) throws IOException, InterruptedException {
        return plan.run("rejoin", "--conf", settingsFile(id).toString());
    }

    /** Whether the node's process exists. */
    public boolean isRunning(int id) {
        return processes.get(id).isRunning();
    }

    /** The process of a node. */
    public NodeProcess process(int id) {
        return processes.get(id);
    }

    /** Process id of a running node. */
    public long pid(int id) {
        return processes.get(id).pid();
    }

    /** Processor time that a running node has used so far. */
    public Duration cpuTime(int id) {
        return processes.get(id).cpuTime();
    }

    // ------------------------------------------------------------------ what the nodes say

    /** What a node says of itself, if it answers at once. */
    public Optional<NodeStatus> report(int id) {
        NodeProcess process = processes.get(id);
        return process.isRunning() && !process.isPaused() ? probes.get(id).ask() : Optional.empty();
    }

    private Map<Integer, NodeStatus> reports() {
        Map<Integer, NodeStatus> reports = new TreeMap<>();
        for (int id : ids()) {
            report(id).ifPresent(report -> reports.put(id, report));
        }
        return reports;
    }

    /** The leader that a majority of all nodes acknowledges, in the largest term, if there is one now. */
    public Optional<Leader> leader() {
        Map<Integer, NodeStatus> reports = reports();
        for (Map.Entry<Integer, NodeStatus> node : reports.entrySet()) {
            NodeStatus report = node.getValue();
            long followers = reports.values().stream()
                    .filter(other -> other.getTerm() == report.getTerm() && other.getLeaderId() == node.getKey())
                    .count();
            if (report.getRole().equals("LEADER") && followers > plan.nodes() / 2) {
                return Optional.of(new Leader(node.getKey(), report.getTerm()));
            }
        }
        return Optional.empty();
    }

    /** Waits for a leader that a majority acknowledges. */
    public Leader awaitLeader(Duration patience) throws InterruptedException {
        return awaitLeader(patience, Long.MIN_VALUE);
    }

    /** Waits for a leader of a term after the given one. */
    public Leader awaitLeader(Duration patience, long afterTerm) throws InterruptedException {
        return Await.await(
                patience,
                () -> leader().filter(leader -> leader.term() > afterTerm).orElse(null),
                () -> "a leader. " + describe());
    }

    /**
     * Waits until every running node has committed and applied all that any of them has, and holds it in its logs.txt:
     * a follower may apply what a majority holds before its own disk does.
     *
     * @return the index of the last entry
     */
    public long awaitEqual(Duration patience) throws InterruptedException {
        List<Integer> running = ids().stream().filter(this::isRunning).toList();
        long last = Await.await(
                patience,
                () -> {
                    Map<Integer, NodeStatus> reports = reports();
                    List<Long> indexes = reports.values().stream()
                            .flatMap(report ->
                                    Stream.of(report.getLastIndex(), report.getCommitIndex(), report.getAppliedIndex()))
                            .distinct()
                            .toList();
                    return reports.size() == running.size() && indexes.size() == 1 ? indexes.get(0) : null;
                },
                () -> "equal logs. " + describe());
        for (int id : running) {
            Await.await(
                    patience,
                    () -> lastOnDisk(id) == last ? Boolean.TRUE : null,
                    () -> "entry " + last + " in logs.txt of node " + id + " instead of " + lastOnDisk(id) + ". "
                            + describe());
        }
        return last;
    }

    private long lastOnDisk(int id) {
        try {
            return LogText.lastIndex(dataFolder(id));
        } catch (NoSuchFileException e) {
            return -1; // A file was put aside or deleted in between.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Waits until a node has committed what the leader has by now.
     *
     * @throws IllegalStateException if it takes too long, or the node ends
     */
    public void awaitCaughtUp(int id, Duration patience) throws InterruptedException {
        Leader leader = awaitLeader(patience);
        NodeStatus target = Await.await(
                patience, () -> report(leader.id()).orElse(null), () -> "an answer of the leader. " + describe());
        Await.await(
                patience,
                () -> {
                    if (!isRunning(id)) {
                        throw new IllegalStateException("node " + id + " has ended. " + describe());
                    }
                    return report(id)
                            .filter(report -> report.getCommitIndex() >= target.getCommitIndex())
                            .orElse(null);
                },
                () -> "node " + id + " at index " + target.getCommitIndex() + ". " + describe());
    }

    /** Waits until the other nodes, all of them, have committed what any of them has now: one can be done without. */
    public void awaitEverythingWithout(int id, Duration patience) throws InterruptedException {
        List<Integer> others = ids().stream().filter(other -> other != id).toList();
        awaitLeader(patience);
        long last = reports().values().stream()
                .mapToLong(NodeStatus::getLastIndex)
                .max()
                .orElseThrow();
        Await.await(
                patience,
                () -> others.stream()
                                .allMatch(other -> report(other)
                                        .filter(report -> report.getCommitIndex() >= last)
                                        .isPresent())
                        ? Boolean.TRUE
                        : null,
                () -> "all but node " + id + " at index " + last + ". " + describe());
    }

    /** All that is known of every node, for an error message. */
    public String describe() {
        StringBuilder text = new StringBuilder();
        Map<Integer, NodeStatus> reports = reports();
        for (int id : ids()) {
            NodeProcess process = processes.get(id);
            String state = process.isPaused() ? "stopped" : process.isRunning() ? "silent" : "not running";
            NodeStatus report = reports.get(id);
            text.append(System.lineSeparator()).append("node ").append(id).append(": ");
            text.append(
                    report == null
                            ? state + "; it said:" + System.lineSeparator() + process.lastWords()
                            : brief(report));
        }
        return text.toString();
    }

    private static String brief(NodeStatus report) {
        return report.getRole() + " in term " + report.getTerm() + ", leader " + report.getLeaderId() + ", last "
                + report.getLastIndex() + ", committed " + report.getCommitIndex() + ", applied "
                + report.getAppliedIndex() + ", lease left " + report.getLeaseLeftMillis() + " ms";
    }

    /** Kills what still runs. The folder stays. */
    @Override
    public void close() {
        removeHook();
        probes.forEach(NodeStatusProbe::close);
        processes.forEach(NodeProcess::destroy);
        try {
            for (NodeProcess process : processes) {
                process.kill();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void removeHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is going down: the hook does the same as we.
            return;
        }
    }
}
