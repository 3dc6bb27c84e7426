package io.tenure.bench.process;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
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
    /** First version that knows the flag that silences its notice on sun.misc.Unsafe. */
    private static final int UNSAFE_NOTICE_JDK = 23;

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

    /** The same with one more option. */
    public ClusterPlan withJvmOption(String option) {
        List<String> options = new ArrayList<>(jvmOptions);
        options.add(option);
        return new ClusterPlan(nodes, nodeJar, folder, settings, options);
    }

    /** How the program is started. */
    List<String> command(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        command.add("-Xmx128m");
        if (Runtime.version().feature() >= UNSAFE_NOTICE_JDK) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(jvmOptions);
        command.addAll(List.of("-jar", nodeJar.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /**
     * What came of a command of the program.
     *
     * @param said its lines, errors included
     */
    public record Ran(int exitCode, List<String> said) {}

    /** Runs the program until it ends. */
    Ran run(String... arguments) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command(arguments)).redirectErrorStream(true).start();
        byte[] said = process.getInputStream().readAllBytes();
        return new Ran(
                process.waitFor(),
                new String(said, StandardCharsets.UTF_8).lines().toList());
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
