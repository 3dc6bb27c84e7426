package io.tenure.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tenure.bench.process.NodeProcess;
import io.tenure.net.FreePorts;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Three processes of each system that is written in Java, and a client: what is written is read. */
final class PeersIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final List<NodeProcess> nodes = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(strings = {"aeron", "jraft", "jraft-quorum", "ratis", "zookeeper"})
    void writesAndReads(String name) throws Exception {
        JsonNode plan = plan(name);
        try {
            for (JsonNode command : plan.get("nodes")) {
                NodeProcess node = new NodeProcess(strings(command), folder.resolve("node" + nodes.size() + ".out"));
                nodes.add(node);
                node.start();
            }
            drive(strings(plan.get("driver")));
        } finally {
            for (NodeProcess node : nodes) {
                node.kill();
            }
            for (String elsewhere : strings(plan.get("folders_elsewhere"))) {
                remove(Path.of(elsewhere));
            }
        }
    }

    private void drive(List<String> command) throws Exception {
        Process driver = new ProcessBuilder(command)
                .redirectError(folder.resolve("driver.err").toFile())
                .start();
        try (BufferedReader answers = driver.inputReader(StandardCharsets.UTF_8)) {
            try (BufferedWriter orders = driver.outputWriter(StandardCharsets.UTF_8)) {
                orders.write("ready 60\npreload 100\nload SET 8 0.2 0.5\nload GET 8 0.2 0.5\nleader\n");
            }
            List<JsonNode> said = new ArrayList<>();
            for (String line : answers.lines().toList()) {
                said.add(JSON.readTree(line));
            }
            assertThat(said).hasSize(9).noneMatch(answer -> answer.has("error"));
            assertThat(said.get(4).get("ops").asLong()).isPositive();
            assertThat(said.get(4).get("errors").asLong()).isZero();
            assertThat(said.get(7).get("ops").asLong()).isPositive();
            assertThat(said.get(8).get("leader").asInt()).isBetween(0, Layout.NODES - 1);
        } finally {
            driver.destroyForcibly().waitFor();
        }
    }

    @Test
    void unknownSystemsAreRefusedInALine() throws Exception {
        Path errors = folder.resolve("err");
        Process peers = new ProcessBuilder(program("plan", "nosuch", folder.toString(), ports()))
                .redirectError(errors.toFile())
                .start();
        assertThat(peers.waitFor()).isEqualTo(1);
        assertThat(Files.readAllLines(errors)).singleElement().asString().startsWith("no system is called nosuch");
    }

    private JsonNode plan(String name) throws Exception {
        Process peers = new ProcessBuilder(
                        program("plan", name, folder.toString(), ports(), "-Xmx256m", "-XX:+UseSerialGC"))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        JsonNode plan = JSON.readTree(peers.getInputStream());
        assertThat(peers.waitFor()).isZero();
        return plan;
    }

    private static String ports() throws Exception {
        return FreePorts.find(24).stream().map(Object::toString).collect(Collectors.joining(","));
    }

    private static List<String> program(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", "target/peers.jar"));
        command.addAll(List.of(arguments));
        return command;
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        array.forEach(element -> strings.add(element.asText()));
        return strings;
    }

    private static void remove(Path folder) throws Exception {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }
}
