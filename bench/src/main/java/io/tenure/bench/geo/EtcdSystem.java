package io.tenure.bench.geo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tenure.bench.Target;
import io.tenure.bench.process.Await;
import io.tenure.bench.process.NodeProcess;
import io.tenure.net.FreePorts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * etcd, the program that this machine has. Its nodes must know each other by the same addresses everywhere, so each reaches
 * the others, and only them, through a SOCKS proxy of its own in the emulated network, by addresses that are kept for examples.
 */
final class EtcdSystem implements GeoSystem {
    private static final String NAME = "etcd";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration QUESTION = Duration.ofSeconds(1);
    private static final Duration TERM_PATIENCE = Duration.ofSeconds(30);
    /** Its guide: a heartbeat of about the round trip between members, an election timeout of ten times as much. */
    private static final int HEARTBEATS_OF_AN_ELECTION = 10;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Wan wan;
    private final RoundTrips trips;
    private final List<String> regions;
    private final String version;
    private final long heartbeatMillis;
    private final List<Integer> ports;
    private final List<NodeProcess> processes = new ArrayList<>();
    private final List<EtcdTarget> nodes = new ArrayList<>();
    private final Map<String, List<String>> endpoints = new HashMap<>();
    private final Thread hook = new Thread(() -> processes.forEach(NodeProcess::destroy), "kill-etcd");

    /** The version of the program, if there is one. */
    private static Optional<String> programVersion() throws InterruptedException {
        try {
            Process process = new ProcessBuilder(NAME, "--version")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return said.lines()
                    .filter(line -> line.startsWith("etcd Version: "))
                    .map(line -> line.substring("etcd Version: ".length()).strip())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty(); // There is none.
        }
    }

    /**
     * Starts the nodes, with files below {@code folder}.
     *
     * @throws IllegalStateException if there is no etcd on this machine
     */
    static EtcdSystem start(Wan wan, RoundTrips trips, Path folder) throws IOException, InterruptedException {
        String version = programVersion()
                .orElseThrow(
                        () -> new IllegalStateException("etcd is left out: there is no such program here; the package"
                                + " etcd-server of a distribution has it"));
        return new EtcdSystem(wan, trips, version, folder);
    }

    private EtcdSystem(Wan wan, RoundTrips trips, String version, Path folder) throws IOException {
        this.wan = wan;
        this.trips = trips;
        this.version = version;
        regions = wan.matrix().regions();
        double longest = regions.stream()
                .flatMapToDouble(from -> regions.stream().mapToDouble(to -> trips.between(from, to)))
                .max()
                .orElseThrow();
        heartbeatMillis = (long) Math.ceil(longest / 10) * 10;
        ports = FreePorts.find(2 * regions.size());
        Files.createDirectories(folder);
        List<String> peers = new ArrayList<>();
        for (int id = 0; id < regions.size(); id++) {
            peers.add("192.0.2." + (id + 1) + ":2380");
        }
        for (int id = 0; id < regions.size(); id++) {
            int proxy = wan.openProxy(regions.get(id), peers, ports.subList(regions.size(), ports.size()));
            processes.add(new NodeProcess(command(id, peers, proxy, folder), folder.resolve("etcd_" + id + ".out")));
            nodes.add(new EtcdTarget(List.of(address(ports.get(id)))));
        }
        Runtime.getRuntime().addShutdownHook(hook);
        for (NodeProcess process : processes) {
            process.start();
        }
    }

    private List<String> command(int id, List<String> peers, int proxy, Path folder) {
        List<String> members = new ArrayList<>();
        for (int member = 0; member < peers.size(); member++) {
            members.add("n" + member + "=http://" + peers.get(member));
        }
        String client = "http://" + address(ports.get(id));
        return List.of(
                "env",
                "HTTP_PROXY=socks5://" + address(proxy),
                "NO_PROXY=",
                NAME,
                "--name=n" + id,
                "--data-dir=" + folder.resolve("n" + id),
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=http://" + address(ports.get(regions.size() + id)),
                "--initial-advertise-peer-urls=http://" + peers.get(id),
                "--initial-cluster=" + String.join(",", members),
                "--initial-cluster-state=new",
                "--heartbeat-interval=" + heartbeatMillis,
                "--election-timeout=" + HEARTBEATS_OF_AN_ELECTION * heartbeatMillis,
                "--logger=zap",
                "--log-level=error");
    }

    private static String address(int port) {
        return "127.0.0.1:" + port;
    }

    @Override
    public SystemNote note() {
        return new SystemNote(
                NAME,
                version,
                List.of(
                        "heartbeat interval " + heartbeatMillis + " ms, election timeout "
                                + HEARTBEATS_OF_AN_ELECTION * heartbeatMillis
                                + " ms, as its guide has it for such round trips; all else as it comes",
                        "linearizable range, its default",
                        "clients in a region ask the node there, and another one when it fails"),
                List.of(
                        "It is asked by its JSON gateway, which takes some time, and much at many requests: bench/compare.sh is"
                                + " for throughput.",
                        "Its clients are told when the leader changes, and may try again themselves: here that failed."));
    }

    @Override
    public List<Line> lines() {
        return Line.QUORUM_READS;
    }

    private Optional<JsonNode> status(int id) throws InterruptedException {
        CompletableFuture<JsonNode> answer = nodes.get(id).call("/v3/maintenance/status", JSON.createObjectNode(), 1);
        try {
            return Optional.of(answer.get(QUESTION.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty(); // Down, starting or busy: what this was to find out.
        }
    }

    private static String memberId(JsonNode status) {
        return status.path("header").path("member_id").asText();
    }

    @Override
    public Optional<String> leaderNow() throws InterruptedException {
        Map<String, Integer> followers = new HashMap<>();
        Map<String, String> regionOf = new HashMap<>();
        for (int id = 0; id < regions.size(); id++) {
            Optional<JsonNode> status = processes.get(id).isRunning() ? status(id) : Optional.empty();
            if (status.isPresent()) {
                regionOf.put(memberId(status.get()), regions.get(id));
                followers.merge(status.get().path("leader").asText(), 1, Integer::sum);
            }
        }
        return followers.entrySet().stream()
                .filter(each -> each.getValue() > regions.size() / 2 && regionOf.containsKey(each.getKey()))
                .map(each -> regionOf.get(each.getKey()))
                .findFirst();
    }

    @Override
    public String leader() throws InterruptedException {
        return await(() -> leaderNow().orElse(null), "a leader");
    }

    @Override
    public void lead(String region) throws InterruptedException {
        await(
                () -> {
                    String leader = leader();
                    if (leader.equals(region)) {
                        return Boolean.TRUE;
                    }
                    Optional<JsonNode> target = status(regions.indexOf(region));
                    if (target.isPresent()) {
                        ObjectNode order = JSON.createObjectNode().put("targetID", memberId(target.get()));
                        EtcdTarget old = nodes.get(regions.indexOf(leader));
                        CompletableFuture<JsonNode> done = old.call("/v3/maintenance/transfer-leadership", order, 1);
                        var unused = done.handle((answer, error) -> error == null)
                                .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                    }
                    return null;
                },
                "a leader in " + region);
    }

    @Override
    public Target connect(String region, Line line) throws IOException, InterruptedException {
        if (!endpoints.containsKey(region)) {
            List<String> byDistance = new ArrayList<>(regions);
            byDistance.sort(Comparator.comparingDouble(other -> trips.between(region, other)));
            List<String> all = new ArrayList<>();
            for (String other : byDistance) {
                all.add(address(wan.openForClients(region, other, ports.get(regions.indexOf(other)))));
            }
            endpoints.put(region, all);
        }
        EtcdTarget target = new EtcdTarget(endpoints.get(region));
        await(
                () -> target.set("ready", "yes")
                                .handle((done, error) -> error == null)
                                .get()
                        ? Boolean.TRUE
                        : null,
                "an answer to clients in " + region);
        return target;
    }

    @Override
    public void kill(String region) throws InterruptedException {
        processes.get(regions.indexOf(region)).kill();
    }

    @Override
    public void stop(String region) throws InterruptedException {
        processes.get(regions.indexOf(region)).terminate(TERM_PATIENCE);
    }

    @Override
    public void start(String region) throws IOException {
        processes.get(regions.indexOf(region)).start();
    }

    @Override
    public void awaitWhole() throws InterruptedException {
        String leader = leader();
        long index = await(
                () -> status(regions.indexOf(leader))
                        .map(status -> status.path("raftIndex").asLong())
                        .orElse(null),
                "an answer of the leader");
        for (int id = 0; id < regions.size(); id++) {
            int node = id;
            await(
                    () -> status(node)
                            .filter(status -> status.path("raftAppliedIndex").asLong() >= index)
                            .orElse(null),
                    "the node in " + regions.get(id) + " at index " + index);
        }
    }

    private interface Question<T> {
        T ask() throws InterruptedException, ExecutionException, TimeoutException;
    }

    /** Asks until there is an answer. */
    private <T> T await(Question<T> question, String what) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - deadline < 0) {
            try {
                T answer = question.ask();
                if (answer != null) {
                    return answer;
                }
            } catch (ExecutionException | TimeoutException e) {
                throw new IllegalStateException("etcd: " + what + ": " + e, e);
            }
            Await.pause(Duration.ofMillis(100));
        }
        StringBuilder said = new StringBuilder();
        processes.forEach(process -> said.append(System.lineSeparator()).append(process.lastWords()));
        throw new IllegalStateException(
                "etcd: not within " + PATIENCE.toSeconds() + " s: " + what + "; the nodes said:" + said);
    }

    @Override
    public void close() {
        processes.forEach(NodeProcess::destroy);
        try {
            for (NodeProcess process : processes) {
                process.kill();
            }
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            return; // The JVM is going down: the hook does the same as we.
        }
    }
}
