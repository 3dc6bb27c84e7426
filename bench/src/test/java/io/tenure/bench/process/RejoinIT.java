package io.tenure.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.client.TenureClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three real processes, one of which loses its folder, or gets an old copy of it back (LEASE.md, 4 #39). */
final class RejoinIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String WAY_OUT = "run \"java -jar node.jar rejoin --conf FILE\" there";

    @TempDir
    Path folder;

    private ProcessCluster cluster;
    private TenureClient client;
    private int leader;
    private int node;

    @BeforeEach
    void start() throws Exception {
        cluster = new ProcessCluster(ClusterPlan.of(3, ClusterPlan.nodeJarOfThisBuild(), folder, "lan"));
        cluster.startAll();
        leader = cluster.awaitLeader(PATIENCE).id();
        node = (leader + 1) % 3;
        client = TenureClient.connect(cluster.addresses());
        client.set("a", "1");
        cluster.awaitEqual(PATIENCE);
    }

    @AfterEach
    void stop() {
        client.close();
        cluster.close();
    }

    @Test
    void aWipedFolderIsRefusedUntilItRejoins() throws Exception {
        cluster.terminate(node);
        delete(cluster.dataFolder(node));
        cluster.start(node);
        awaitLine(node, "came with another data folder than before", WAY_OUT);
        awaitLine(leader, "refused a peer from", "node " + node + " came with another data folder", WAY_OUT);
        client.set("b", "2");
        assertThat(cluster.log(node).lastIndex()).as("nobody speaks with it").isZero();

        ClusterPlan.Ran running = cluster.rejoin(node);
        assertThat(running.exitCode()).isEqualTo(1);
        assertThat(running.said()).hasSize(1).allMatch(line -> line.contains("is in use by process"));

        cluster.terminate(node);
        rejoin();
        assertThat(client.get("b")).hasValue("2");
    }

    @Test
    void anOldCopyIsRefusedUntilItRejoins() throws Exception {
        cluster.terminate(node);
        Path copy = folder.resolve("copy");
        copy(cluster.dataFolder(node), copy);
        cluster.start(node);
        client.set("b", "2");
        cluster.awaitEqual(PATIENCE);
        cluster.terminate(node);
        delete(cluster.dataFolder(node));
        copy(copy, cluster.dataFolder(node));
        cluster.start(node);
        awaitLine(node, "its data folder is an old copy that was put back", WAY_OUT);
        awaitLine(leader, "refused a peer from", "its data folder is an old copy that was put back", WAY_OUT);
        cluster.terminate(node);
        rejoin();
    }

    @Test
    void withoutMetadataANodeRejoinsByItself() throws Exception {
        cluster.terminate(node);
        for (String name : List.of("metadata.txt", "metadata.copy.txt")) {
            Path file = cluster.dataFolder(node).resolve(name);
            byte[] bytes = Files.readAllBytes(file);
            bytes[20] ^= 1;
            Files.write(file, bytes);
        }
        cluster.start(node);
        awaitLine(node, "node " + node + " has rejoined");
        client.set("b", "2");
        cluster.awaitEqual(PATIENCE);
    }

    private void rejoin() throws Exception {
        ClusterPlan.Ran done = cluster.rejoin(node);
        assertThat(done.exitCode()).as(done.toString()).isZero();
        assertThat(done.said()).anyMatch(line -> line.contains("is kept as " + cluster.dataFolder(node) + ".old-1"));
        cluster.start(node);
        cluster.awaitCaughtUp(node, PATIENCE);
        awaitLine(node, "node " + node + " has rejoined");
        cluster.awaitEqual(PATIENCE);
        assertThat(cluster.dataFolder(node).resolve("metadata.txt")).content().contains("\nrejoining false\n");
    }

    /** A line of the node's output with all of this. */
    private void awaitLine(int id, String... parts) throws InterruptedException {
        NodeOutput output = NodeOutput.ofAlways(cluster, id);
        Await.await(
                PATIENCE,
                () -> output.says(parts) ? Boolean.TRUE : null,
                () -> "a line with " + List.of(parts) + " of node " + id + " in\n" + String.join("\n", output.lines()));
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(path);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
