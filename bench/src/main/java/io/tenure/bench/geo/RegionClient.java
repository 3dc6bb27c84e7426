package io.tenure.bench.geo;

import io.tenure.bench.LoadReport;
import io.tenure.bench.LoadRun;
import io.tenure.bench.Target;
import io.tenure.bench.TenureTarget;
import io.tenure.bench.process.Await;
import io.tenure.client.ClientOptions;
import io.tenure.client.NotDoneException;
import io.tenure.client.TenureClient;
import io.tenure.protocol.HostPort;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What the load client on one host does: it measures the ways to all nodes, hands leadership over, and loads the cluster. */
final class RegionClient {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CONNECT_MILLIS_MAX = 10_000;
    private static final int SAMPLES = 21;

    private final String region;
    private final List<String> regions;
    private final List<String> addresses;

    /**
     * Prepares.
     *
     * @param regions of the nodes, by id
     * @param addresses of the nodes for clients, by id
     */
    RegionClient(String region, List<String> regions, List<String> addresses) {
        this.region = region;
        this.regions = regions;
        this.addresses = addresses;
    }

    /** Milliseconds to connect to each node, which takes one round trip; medians. */
    List<Double> roundTrips() throws IOException {
        List<Double> medians = new ArrayList<>();
        for (String address : addresses) {
            long[] nanos = new long[SAMPLES];
            for (int i = 0; i < SAMPLES; i++) {
                var target = HostPort.parse(address).resolve();
                long start = System.nanoTime();
                try (Socket socket = new Socket()) {
                    socket.connect(target, CONNECT_MILLIS_MAX);
                    nanos[i] = System.nanoTime() - start;
                } catch (IOException e) {
                    throw new IOException(address + ": " + e.getMessage(), e);
                }
            }
            Arrays.sort(nanos);
            medians.add(Math.round(nanos[SAMPLES / 2] / 1e3) / 1e3);
        }
        return medians;
    }

    /** Has the node in a region lead. */
    void lead(String wanted) throws InterruptedException {
        try (TenureClient client = connect(Line.SET)) {
            if (!leader(client).equals(wanted)) {
                Await.await(
                        PATIENCE, () -> handOver(client, wanted) ? Boolean.TRUE : null, () -> "a leader in " + wanted);
            }
        }
    }

    private boolean handOver(TenureClient client, String wanted) {
        try {
            client.transfer(regions.indexOf(wanted));
            return true;
        } catch (NotDoneException e) {
            return false; // The node has to catch up first, say.
        }
    }

    private TenureClient connect(Line line) {
        return TenureClient.connect(
                ClientOptions.of(String.join(",", addresses)).withReadMode(line.mode()));
    }

    /** The leader's region, once somebody tells it: a node that is busy may not answer in time. */
    private String leader(TenureClient client) throws InterruptedException {
        int leader = Await.await(
                PATIENCE,
                () -> client.status().leader().stream().boxed().findFirst().orElse(null),
                () -> "a leader, as nodes tell clients in " + region);
        return regions.get(leader);
    }

    /** Measures all lines. Clients of all regions do so at the same time, roughly. */
    ClientResults load(double warmupSeconds, double seconds) throws IOException, InterruptedException {
        List<RegionFigures> figures = new ArrayList<>();
        List<String> troubles = new ArrayList<>();
        Set<String> leaders = new LinkedHashSet<>();
        for (Line line : Line.TENURE) {
            TenureClient client = connect(line);
            try (Target target = TenureTarget.of(client)) {
                leaders.add(leader(client));
                LoadRun run = new LoadRun(GeoPlan.of(line), List.of(target));
                LoadReport report = run.run(warmupSeconds, seconds);
                leaders.add(leader(client));
                if (report.latencies().getTotalCount() == 0) {
                    troubles.add(line.name() + ": no operation of clients in " + region
                            + " succeeded; the first failure: " + run.firstError());
                } else {
                    figures.add(RegionFigures.of(region, line, report, run.firstError()));
                }
            }
        }
        if (leaders.size() > 1) {
            troubles.add("clients in " + region + " saw the leader change: " + leaders);
        }
        return new ClientResults(
                region,
                regions,
                roundTrips(),
                leaders.size() == 1 ? leaders.iterator().next() : "",
                host(),
                figures,
                troubles);
    }

    static String host() {
        return Runtime.getRuntime().availableProcessors() + " cores, " + System.getProperty("os.name") + " "
                + System.getProperty("os.version") + ", JVM " + Runtime.version();
    }
}
