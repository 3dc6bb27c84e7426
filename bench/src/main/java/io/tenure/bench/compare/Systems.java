package io.tenure.bench.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tenure.bench.process.ClusterPlan;
import io.tenure.net.FreePorts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Makes the nodes of any system, Tenure and the echo included.
 *
 * @param nodeJar Tenure's program
 * @param benchJar the program that this class is in
 * @param peersJar the program that knows the other systems
 * @param jvmOptions of every JVM, nodes and clients alike
 */
record Systems(Path nodeJar, Path benchJar, Path peersJar, List<String> jvmOptions) {
    /** Ourselves. */
    static final String TENURE = "tenure";
    /** Not a system but a floor: the client protocol, answered at once. */
    static final String ECHO = "echo";
    /** All that are compared, in order. */
    static final List<String> ALL = List.of(TENURE, "aeron", "jraft", "etcd", "ratis", "zookeeper");

    /** Nearly all that a node allocates is garbage at once, or replaces a value: more room for it only takes memory. */
    private static final String YOUNG_GENERATION = "-Xmn64m";

    private static final int NODES = 3;
    /** More than any system wants for three nodes. */
    private static final int PORTS = 30;

    private static final ObjectMapper JSON = new ObjectMapper();

    Systems {
        jvmOptions = List.copyOf(jvmOptions);
    }

    /** A system that can't be had on this machine; the message says why. */
    static final class UnavailableException extends IOException {
        private static final long serialVersionUID = 1;

        UnavailableException(String message) {
            super(message);
        }
    }

    /** Nodes that are ready to be started, and what there is to say of them. */
    record Made(Contestant contestant, SystemInfo info) {}

    /**
     * Prepares a system on an empty folder.
     *
     * @throws UnavailableException if it can't be had here
     */
    Made make(String name, Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        return switch (name) {
            case TENURE -> tenure(folder);
            case ECHO -> echo(folder);
            default -> peer(name, folder);
        };
    }

    private Made tenure(Path folder) throws IOException {
        List<String> options = new ArrayList<>();
        if (jvmOptions.stream().anyMatch(option -> option.matches("-XX:\\+Use\\w+GC"))) {
            options.add("-XX:-UseSerialGC"); // What nodes get that are started by tests.
        }
        options.addAll(jvmOptions);
        options.add(YOUNG_GENERATION);
        ClusterPlan plan = new ClusterPlan(NODES, nodeJar, folder, List.of("profile: lan"), options);
        return new Made(
                new TenureContestant(plan, this::drive),
                new SystemInfo(
                        TENURE,
                        "Tenure",
                        version(),
                        List.of(
                                "default settings, profile lan: forced on a majority before a write is acknowledged",
                                "dump.txt on",
                                "reads by the leader's lease",
                                YOUNG_GENERATION + " (README, Deploy)",
                                "one SDK client"),
                        List.of()));
    }

    private Made echo(Path folder) throws IOException {
        int port = FreePorts.find(1).get(0);
        List<String> node = java(benchJar);
        node.addAll(List.of("echo", "--port", Integer.toString(port)));
        return new Made(
                new ProcessContestant(folder, List.of(node), drive("127.0.0.1:" + port), List.of(), Duration.ZERO),
                new SystemInfo(
                        ECHO,
                        "Echo",
                        version(),
                        List.of("one process that answers Tenure's client protocol at once, one SDK client"),
                        List.of()));
    }

    private static String version() {
        String version = Systems.class.getPackage().getImplementationVersion();
        return version == null ? "of this build" : version;
    }

    private List<String> drive(String addresses) {
        List<String> command = java(benchJar);
        command.addAll(List.of("drive", "--cluster", addresses));
        return command;
    }

    private List<String> java(Path jar) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }

    private Made peer(String name, Path folder) throws IOException, InterruptedException {
        if (!Files.isRegularFile(peersJar)) {
            throw new UnavailableException("peers.jar is missing; build it with: mvn -Ppeers package -DskipTests");
        }
        List<String> question = java(peersJar);
        question.addAll(List.of(
                "plan",
                name,
                folder.toString(),
                FreePorts.find(PORTS).stream().map(Object::toString).collect(Collectors.joining(","))));
        question.addAll(jvmOptions);
        Path errors = folder.resolve("plan.err");
        Process process =
                new ProcessBuilder(question).redirectError(errors.toFile()).start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new UnavailableException(Files.readString(errors).strip());
        }
        JsonNode plan = JSON.readTree(answer);
        if (plan.has("unavailable")) {
            throw new UnavailableException(plan.get("unavailable").asText());
        }
        List<List<String>> nodes = new ArrayList<>();
        plan.get("nodes").forEach(node -> nodes.add(strings(node)));
        return new Made(
                new ProcessContestant(
                        folder,
                        nodes,
                        strings(plan.get("driver")),
                        strings(plan.get("folders_elsewhere")).stream()
                                .map(Path::of)
                                .toList(),
                        Duration.ofSeconds(plan.get("restart_seconds").asInt())),
                new SystemInfo(
                        name,
                        plan.get("title").asText(),
                        plan.get("version").asText(),
                        strings(plan.get("settings")),
                        strings(plan.get("caveats"))));
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        array.forEach(element -> strings.add(element.asText()));
        return strings;
    }
}
