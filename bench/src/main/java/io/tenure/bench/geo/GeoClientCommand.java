package io.tenure.bench.geo;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench.jar geo-client}: what {@code bench/run-geo.sh --inventory} runs on each host. */
@Command(
        name = "geo-client",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "The load client of one region. trips: measures the way to each node; lead: has the node in --region lead; load:"
                    + " measures the cluster. Prints one line of JSON."
        })
public final class GeoClientCommand implements Callable<Integer> {
    private enum Action {
        TRIPS,
        LEAD,
        LOAD
    }

    @Parameters(paramLabel = "ACTION", description = "trips, lead or load")
    private Action action;

    @Option(names = "--cluster", paramLabel = "H:P,...", required = true, split = ",", description = "nodes, by id")
    private List<String> cluster;

    @Option(names = "--regions", paramLabel = "A,B,...", required = true, split = ",", description = "their regions")
    private List<String> regions;

    @Option(names = "--region", paramLabel = "R", required = true, description = "of this client")
    private String region;

    @Option(names = "--seconds", paramLabel = "S", description = "window of each load (${DEFAULT-VALUE})")
    private double seconds = 10;

    @Option(names = "--warmup", paramLabel = "S", description = "seconds before each window (${DEFAULT-VALUE})")
    private double warmupSeconds = 2;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (cluster.size() != regions.size() || !regions.contains(region)) {
            throw new ParameterException(
                    spec.commandLine(), "--regions names one for each node of --cluster, and --region is one of them");
        }
        if (!(seconds > 0) || !(warmupSeconds >= 0)) {
            throw new ParameterException(
                    spec.commandLine(), "--seconds must be greater than 0, and --warmup not negative");
        }
        RegionClient client = new RegionClient(region, regions, cluster);
        switch (action) {
            case TRIPS ->
                print(new ClientResults(
                        region, regions, client.roundTrips(), "", RegionClient.host(), List.of(), List.of()));
            case LEAD -> client.lead(region);
            case LOAD -> print(client.load(warmupSeconds, seconds));
        }
        return 0;
    }

    private static void print(ClientResults results) throws IOException {
        System.out.println(new ObjectMapper().writeValueAsString(results));
    }
}
