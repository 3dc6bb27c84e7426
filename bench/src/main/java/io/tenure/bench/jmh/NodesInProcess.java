package io.tenure.bench.jmh;

import io.tenure.journal.Identity;
import io.tenure.net.FreePorts;
import io.tenure.node.Settings;
import io.tenure.node.TenureNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Whole nodes in this JVM, on free ports of the loopback address, with the default settings and timing. */
final class NodesInProcess implements AutoCloseable {
    private static final String CLUSTER = "benchmark";

    private final List<Settings> settings = new ArrayList<>();
    private final List<TenureNode> running = new ArrayList<>();
    private final List<Integer> ports;

    /**
     * Chooses ports, and starts nothing yet.
     *
     * @param folder holds the folders of the nodes
     * @param threading as in the settings of a node
     */
    NodesInProcess(int count, Path folder, String threading) throws IOException {
        ports = FreePorts.find(2 * count);
        String members = IntStream.range(0, count)
                .mapToObj(id -> "  - {id: " + id + ", peer: \"127.0.0.1:" + ports.get(id) + "\", client: \""
                        + clientAddress(id) + "\"}\n")
                .collect(Collectors.joining());
        for (int id = 0; id < count; id++) {
            String text = "nodeId: " + id + "\nclusterId: " + CLUSTER + "\nmembers:\n" + members + "dataDir: '"
                    + folder.toString().replace("'", "''") + "'\nthreading: " + threading + "\n";
            settings.add(Settings.parse("node" + id + ".yaml", text));
        }
    }

    /** Who a node is, for its journal. */
    static Identity identity(int id) {
        return new Identity(CLUSTER, id);
    }

    /** The folder of a node in {@code folder}. */
    static Path nodeFolder(Path folder, int id) {
        return folder.resolve("logs_node_" + id);
    }

    /** Starts all; returns when the last one has recovered its folder and listens. */
    void start() {
        settings.forEach(each -> running.add(TenureNode.start(each)));
    }

    /** Where clients connect. */
    String clientAddresses() {
        return IntStream.range(0, settings.size()).mapToObj(this::clientAddress).collect(Collectors.joining(","));
    }

    private String clientAddress(int id) {
        return "127.0.0.1:" + ports.get(ports.size() / 2 + id);
    }

    /** Stops all that run; they may be started again. */
    @Override
    public void close() {
        running.forEach(TenureNode::close);
        running.clear();
    }
}
