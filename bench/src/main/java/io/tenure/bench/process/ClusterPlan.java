package io.tenure.bench.process;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * A cluster to be run as processes.
 *
 * @param nodes how many
 * @param nodeJar the program
 * @param folder for everything: settings, data, output; made if it is missing
 * @param settings lines of YAML besides those that name nodes, addresses and folder
 * @param jvmOptions in addition to those that every node gets
 */
public record ClusterPlan(int nodes, Path nodeJar, Path folder, List<String> settings, List<String> jvmOptions) {
    /** Keeps copies. */
    public ClusterPlan {
        if (nodes < 1) {
            throw new IllegalArgumentException("a cluster of " + nodes + " nodes");
        }
        settings = List.copyOf(settings);
        jvmOptions = List.copyOf(jvmOptions);
    }

    /** With a timing profile and nothing else said. */
    public static ClusterPlan of(int nodes, Path nodeJar, Path folder, String profile) {
        return new ClusterPlan(nodes, nodeJar, folder, List.of("profile: " + profile), List.of());
    }

    /** The program of the build that this class comes from: both are below one folder. */
    public static Path nodeJarOfThisBuild() {
        Path target = Path.of(URI.create(ClusterPlan.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toString()))
                .getParent();
        return target.resolve("../../node/target/node.jar").normalize();
    }
}
