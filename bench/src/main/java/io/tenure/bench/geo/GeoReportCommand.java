package io.tenure.bench.geo;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bench.jar geo-report}: puts together what the load clients of all hosts said. */
@Command(
        name = "geo-report",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Puts together what the load clients of all hosts said. Given --best, it prints the region in which a leader is"
                    + " best instead."
        })
public final class GeoReportCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "one of each region")
    private List<Path> files;

    @Option(names = "--best", description = "print where writes of all regions take the least time")
    private boolean best;

    @Option(names = "--out", paramLabel = "DIR", description = "where the results go (here)")
    private Path out = Path.of(".");

    @Override
    public Integer call() throws IOException {
        Map<String, ClientResults> clients = new LinkedHashMap<>();
        for (Path file : files) {
            ClientResults client = JSON.readValue(Files.readString(file), ClientResults.class);
            clients.put(client.region(), client);
        }
        RoundTrips trips = trips(clients);
        if (best) {
            System.out.println(trips.bestLeader());
        } else {
            System.out.println(ResultFiles.write(out, results(clients, trips)));
        }
        return 0;
    }

    private static RoundTrips trips(Map<String, ClientResults> clients) {
        List<String> regions = clients.values().iterator().next().regions();
        if (!clients.keySet().containsAll(regions)) {
            throw new IllegalStateException("results of " + clients.keySet() + ", and nodes in " + regions);
        }
        return RoundTrips.of(
                regions, (from, to) -> clients.get(from).roundTrips().get(regions.indexOf(to)));
    }

    private static GeoResults results(Map<String, ClientResults> clients, RoundTrips trips) {
        List<RegionFigures> figures = new ArrayList<>();
        List<String> troubles = new ArrayList<>();
        Map<String, String> hosts = new LinkedHashMap<>();
        for (String region : trips.regions()) {
            ClientResults client = clients.get(region);
            figures.addAll(client.figures());
            troubles.addAll(client.troubles());
            hosts.put("host in " + region, client.host());
        }
        List<String> leaders =
                clients.values().stream().map(ClientResults::leader).distinct().toList();
        if (leaders.size() > 1 || leaders.get(0).isEmpty()) {
            throw new IllegalStateException("the leader changed while it was measured: "
                    + troubles.stream().collect(Collectors.joining("; ")));
        }
        Map<String, String> plan = new LinkedHashMap<>();
        plan.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        SystemNote note = new SystemNote(TenureSystem.NAME, TenureSystem.version(), TenureSystem.SETTINGS, List.of());
        return new GeoResults(
                "Across regions: " + String.join(", ", trips.regions()),
                "each on a host of its own",
                null,
                trips,
                hosts,
                plan,
                List.of(new SystemResults(note, leaders.get(0), figures, List.of(), troubles)),
                List.of("Nothing was done to the leader: that is what --local is for."));
    }
}
