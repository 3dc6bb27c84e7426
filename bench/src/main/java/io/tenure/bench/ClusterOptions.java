package io.tenure.bench;

import io.tenure.bench.process.ClusterPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of the commands that start a cluster of their own. */
final class ClusterOptions {
    /** Leases of the timing profiles, in milliseconds (LEASE.md 3.11). */
    private static final Map<String, Long> LEASES =
            new TreeMap<>(Map.of("lan", 350L, "geo", 1_200L, "assignment", 8_000L));

    @Option(names = "--nodes", paramLabel = "N", description = "how many nodes (${DEFAULT-VALUE})")
    private int nodes = 3;

    @Option(names = "--profile", description = "timing: lan, geo or assignment (${DEFAULT-VALUE})")
    private String profile = "lan";

    @Option(names = "--node-jar", paramLabel = "FILE", description = "the program (that of this build)")
    private Path nodeJar;

    @Option(names = "--data", paramLabel = "DIR", description = "folder to use, and to keep (a temporary one)")
    private Path data;

    @Option(names = "--jvm-options", paramLabel = "OPTIONS", description = "added to the JVM options of the nodes")
    private String jvmOptions = "";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    ClusterPlan plan(String purpose) throws IOException {
        if (nodes < 1) {
            throw new ParameterException(spec.commandLine(), "--nodes must be at least 1");
        }
        leaseMillis();
        if (data != null && Files.exists(data.resolve("logs_node_0"))) {
            throw new ParameterException(spec.commandLine(), data + " holds a cluster already; name another folder");
        }
        if (!Files.isRegularFile(nodeJar())) {
            throw new IOException(nodeJar() + " is missing; build it with: mvn package -DskipTests");
        }
        Path folder = data != null ? data : Files.createTempDirectory("tenure-" + purpose + "-");
        List<String> options =
                jvmOptions.isBlank() ? List.of() : List.of(jvmOptions.strip().split("\\s+"));
        return new ClusterPlan(nodes, nodeJar(), folder, List.of("profile: " + profile), options);
    }

    long leaseMillis() {
        Long lease = LEASES.get(profile);
        if (lease == null) {
            throw new ParameterException(
                    spec.commandLine(), "--profile must be one of " + LEASES.keySet() + ", not " + profile);
        }
        return lease;
    }

    /** Removes the folder unless it was asked for. */
    void tidyUp(Path folder) throws IOException {
        if (data == null) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /** That of the build that this class comes from: beside bench/target. */
    private Path nodeJar() {
        if (nodeJar != null) {
            return nodeJar;
        }
        Path self = Path.of(java.net.URI.create(ClusterOptions.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
        return self.getParent().resolve("../../node/target/node.jar").normalize();
    }
}
