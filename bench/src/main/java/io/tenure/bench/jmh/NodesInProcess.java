package io.tenure.bench.jmh;

import io.tenure.journal.Identity;
import io.tenure.node.Settings;
import io.tenure.node.TenureNode;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Whole nodes in this JVM, on free ports of the loopback address, with the default settings and timing. */
final class NodesInProcess implements AutoCloseable {
    private static final String CLUSTER = "benchmark";

    /** Below what systems hand out to outgoing connections: nobody else takes them before the nodes do. */
    private static final int PORT_FIRST = 10_000;

    private static final int PORT_LAST = 31_999;
    private static final int ATTEMPTS_MAX = 1_000;

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
        ports = freePorts(2 * count);
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

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int attempt = 0; held.size() < count; attempt++) {
                ServerSocket socket = new ServerSocket();
                held.add(socket);
                socket.setReuseAddress(true);
                int port = ThreadLocalRandom.current().nextInt(PORT_FIRST, PORT_LAST + 1);
                try {
                    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                } catch (BindException e) {
                    held.remove(socket);
                    socket.close();
                    if (attempt == ATTEMPTS_MAX) {
                        throw e;
                    }
                }
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
    }
}
