package io.tenure.bench;

import io.tenure.bench.process.ClusterPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** Options of the commands that start a cluster of any size and timing. */
final class ClusterOptions extends ProcessOptions {
    /** Leases of the timing profiles, in milliseconds (LEASE.md 3.11). */
    private static final Map<String, Long> LEASES =
            new TreeMap<>(Map.of("lan", 350L, "geo", 1_200L, "assignment", 8_000L));

    @Option(names = "--nodes", paramLabel = "N", description = "how many nodes (${DEFAULT-VALUE})")
    private int nodes = 3;

    @Option(names = "--profile", description = "timing: lan, geo or assignment (${DEFAULT-VALUE})")
    private String profile = "lan";

    ClusterPlan plan(String purpose) throws IOException {
        if (nodes < 1) {
            throw refusal("--nodes must be at least 1");
        }
        leaseMillis();
        return plan(purpose, nodes, List.of("profile: " + profile));
    }

    /**
     * A cluster with more settings than its timing.
     *
     * @param settings lines of YAML
     * @param jvmOptions that hold unless the command line says otherwise
     */
    ClusterPlan plan(String purpose, List<String> settings, String jvmOptions) throws IOException {
        ClusterPlan plan = plan(purpose);
        List<String> allSettings = new ArrayList<>(plan.settings());
        allSettings.addAll(settings);
        List<String> allOptions = new ArrayList<>(List.of(jvmOptions.split(" ")));
        allOptions.addAll(plan.jvmOptions());
        return new ClusterPlan(plan.nodes(), plan.nodeJar(), plan.folder(), allSettings, allOptions);
    }

    String profile() {
        return profile;
    }

    int nodes() {
        return nodes;
    }

    long leaseMillis() {
        Long lease = LEASES.get(profile);
        if (lease == null) {
            throw refusal("--profile must be one of " + LEASES.keySet() + ", not " + profile);
        }
        return lease;
    }
}
