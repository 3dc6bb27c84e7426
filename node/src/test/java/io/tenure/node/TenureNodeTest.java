package io.tenure.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.client.ReadMode;
import io.tenure.client.TenureClient;
import io.tenure.client.WriteResult;
import io.tenure.journal.JournalException;
import io.tenure.net.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole nodes in one JVM, on a real disk and real sockets, with both kinds of threading (DESIGN.md, D9). */
class TenureNodeTest {
    @TempDir
    private Path folder;

    private final TreeMap<Integer, TenureNode> running = new TreeMap<>();
    private List<Integer> ports;

    @AfterEach
    void stop() {
        running.values().forEach(TenureNode::close);
    }

    @ParameterizedTest
    @EnumSource(Settings.Threading.class)
    void aClusterKeepsItsDataThroughTheLossOfAnyNodeAndOfAll(Settings.Threading threading) throws Exception {
        start(3, threading);
        try (TenureClient client = TenureClient.connect(addresses())) {
            client.set("name1", "Sam");
            List<CompletableFuture<WriteResult>> writes = new ArrayList<>();
            for (int i = 0; i < 2000; i++) {
                writes.add(client.setAsync("key" + i % 100, "value" + i));
            }
            writes.forEach(CompletableFuture::join);
            for (int id = 0; id < 3; id++) {
                running.remove(id).close();
                client.set("lost", "node " + id);
                assertThat(client.get("name1")).contains("Sam");
                assertThat(client.get("lost", ReadMode.QUORUM)).contains("node " + id);
                startOne(id, threading);
            }
            running.values().forEach(TenureNode::close);
            running.clear();
            for (int id = 0; id < 3; id++) {
                startOne(id, threading);
            }
            assertThat(client.get("name1")).contains("Sam");
            assertThat(client.get("lost")).contains("node 2");
            assertThat(client.get("absent")).isEmpty();
        }
        stop();
        running.clear();
        List<String> logs = logsAsText();
        int shortest = logs.stream().mapToInt(String::length).min().orElseThrow();
        assertThat(logs)
                .allSatisfy(log -> assertThat(log).startsWith(logs.get(0).substring(0, shortest)));
        assertThat(logs.get(0)
                        .lines()
                        .filter(line -> line.startsWith("SET key"))
                        .count())
                .isEqualTo(2000);
    }

    @ParameterizedTest
    @EnumSource(Settings.Threading.class)
    void aSingleNodeServesAlone(Settings.Threading threading) throws Exception {
        start(1, threading);
        try (TenureClient client = TenureClient.connect(addresses())) {
            client.set("k", "v");
            assertThat(client.get("k")).contains("v");
            assertThat(client.get("k", ReadMode.QUORUM)).contains("v");
            running.remove(0).close();
            startOne(0, threading);
            assertThat(client.get("k")).contains("v");
        }
    }

    @Test
    void aTakenPortIsRefusedByFileLineAndAddress() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ports = List.of(FreePorts.find(1).get(0), other.getLocalPort());
            assertThatThrownBy(() -> TenureNode.start(settings(0, 1, Settings.Threading.SHARED)))
                    .isInstanceOf(SettingsException.class)
                    .hasMessage("node0.yaml:4: members[0].client: 127.0.0.1:" + other.getLocalPort()
                            + " is not allowed: can't listen on 127.0.0.1:" + other.getLocalPort()
                            + " for clients: the address is already in use;"
                            + " allowed: an address of this machine and a free port");
        }
        // Nothing is left behind: the folder is free for the next one.
        ports = FreePorts.find(2);
        startOne(0, Settings.Threading.SHARED);
    }

    @Test
    void aFolderServesOneNodeAtATime() throws Exception {
        start(1, Settings.Threading.SHARED);
        List<Integer> portsInUse = ports;
        ports = FreePorts.find(2);
        assertThatThrownBy(() -> TenureNode.start(settings(0, 1, Settings.Threading.SHARED)))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("logs_node_0");
        ports = portsInUse;
        try (TenureClient client = TenureClient.connect(addresses())) {
            client.set("still", "there");
        }
    }

    private void start(int nodes, Settings.Threading threading) throws IOException {
        ports = FreePorts.find(2 * nodes);
        for (int id = 0; id < nodes; id++) {
            startOne(id, threading);
        }
    }

    private void startOne(int id, Settings.Threading threading) {
        running.put(id, TenureNode.start(settings(id, ports.size() / 2, threading)));
    }

    private Settings settings(int id, int nodes, Settings.Threading threading) {
        StringBuilder text = new StringBuilder("nodeId: " + id + "\nclusterId: test\nmembers:\n");
        for (int member = 0; member < nodes; member++) {
            text.append("  - {id: " + member + ", peer: \"127.0.0.1:" + ports.get(2 * member)
                    + "\", client: \"127.0.0.1:" + ports.get(2 * member + 1) + "\"}\n");
        }
        text.append(
                "dataDir: \"" + folder + "\"\nthreading: " + threading.name().toLowerCase(Locale.ROOT) + "\n");
        return Settings.parse("node" + id + ".yaml", text.toString());
    }

    private String addresses() {
        StringBuilder addresses = new StringBuilder();
        for (int i = 1; i < ports.size(); i += 2) {
            addresses
                    .append(addresses.isEmpty() ? "" : ",")
                    .append("127.0.0.1:")
                    .append(ports.get(i));
        }
        return addresses.toString();
    }

    private List<String> logsAsText() throws IOException {
        try (var nodes = Files.list(folder)) {
            return nodes.sorted()
                    .map(node -> {
                        try {
                            return Files.readString(node.resolve("logs.txt"));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .collect(Collectors.toList());
        }
    }
}
