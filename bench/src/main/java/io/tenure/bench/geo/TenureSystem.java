package io.tenure.bench.geo;

import io.tenure.bench.Target;
import io.tenure.bench.TenureTarget;
import io.tenure.bench.process.Await;
import io.tenure.bench.process.ClusterPlan;
import io.tenure.bench.process.ProcessCluster;
import io.tenure.client.ClientOptions;
import io.tenure.client.ClusterStatus;
import io.tenure.client.NotDoneException;
import io.tenure.client.TenureClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Ourselves: a process for each region, and the SDK. */
final class TenureSystem implements GeoSystem {
    /** By which it is told apart from others. */
    static final String NAME = "Tenure";

    /** What is chosen, a phrase each. */
    static final List<String> SETTINGS = List.of(
            "profile geo, all else as it comes: forced on a majority before a write is acknowledged",
            "dump.txt on",
            "one SDK client in each region, which knows all nodes");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Wan wan;
    private final List<String> regions;
    private final ProcessCluster cluster;
    /** What clients of a region connect to. */
    private final Map<String, String> addresses = new HashMap<>();

    /** Starts the nodes. */
    TenureSystem(Wan wan, ClusterPlan plan) throws IOException {
        this.wan = wan;
        regions = wan.matrix().regions();
        cluster = new ProcessCluster(plan, wan);
        cluster.startAll();
    }

    @Override
    public SystemNote note() {
        return new SystemNote(NAME, version(), SETTINGS, List.of());
    }

    static String version() {
        String version = TenureSystem.class.getPackage().getImplementationVersion();
        return version == null ? "of this build" : version;
    }

    @Override
    public List<Line> lines() {
        return Line.TENURE;
    }

    @Override
    public Optional<String> leaderNow() {
        return cluster.leader().map(leader -> regions.get(leader.id()));
    }

    @Override
    public String leader() throws InterruptedException {
        return regions.get(cluster.awaitLeader(PATIENCE).id());
    }

    @Override
    public void lead(String region) throws InterruptedException {
        try (TenureClient client = TenureClient.connect(cluster.addresses())) {
            Await.await(
                    PATIENCE,
                    () -> leaderNow()
                            .filter(region::equals)
                            .or(() -> handOver(client, region))
                            .orElse(null),
                    () -> "a leader in " + region + ". " + cluster.describe());
        }
    }

    private Optional<String> handOver(TenureClient client, String region) {
        try {
            client.transfer(regions.indexOf(region));
            return Optional.of(region);
        } catch (NotDoneException e) {
            return Optional.empty(); // The node has to catch up first, say.
        }
    }

    /**
     * A client learns the ids of all nodes before it is used, so that it never follows a leader's address as nodes know it:
     * that one would lead past the emulated network.
     */
    @Override
    public Target connect(String region, Line line) throws IOException, InterruptedException {
        TenureClient client =
                TenureClient.connect(ClientOptions.of(addressesFrom(region)).withReadMode(line.mode()));
        Await.await(
                PATIENCE,
                () -> isComplete(client.status()) ? Boolean.TRUE : null,
                () -> "an answer of every node to clients in " + region + ". " + cluster.describe());
        return TenureTarget.of(client);
    }

    private boolean isComplete(ClusterStatus status) {
        return status.nodes().size() == regions.size()
                && status.nodes().stream().allMatch(node -> node.report().isPresent());
    }

    private String addressesFrom(String region) throws IOException {
        if (!addresses.containsKey(region)) {
            List<String> all = new ArrayList<>();
            for (int id : cluster.ids()) {
                all.add("127.0.0.1:" + wan.openForClients(region, regions.get(id), cluster.clientPort(id)));
            }
            addresses.put(region, String.join(",", all));
        }
        return addresses.get(region);
    }

    @Override
    public void kill(String region) throws InterruptedException {
        cluster.kill(regions.indexOf(region));
    }

    @Override
    public void stop(String region) throws InterruptedException {
        cluster.terminate(regions.indexOf(region));
    }

    @Override
    public void start(String region) throws IOException {
        cluster.start(regions.indexOf(region));
    }

    @Override
    public void awaitWhole() throws InterruptedException {
        for (int id : cluster.ids()) {
            cluster.awaitCaughtUp(id, PATIENCE);
        }
    }

    @Override
    public void close() {
        cluster.close();
    }
}
