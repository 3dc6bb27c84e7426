package io.tenure.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.client.ReadMode;
import io.tenure.client.TenureClient;
import io.tenure.client.WriteResult;
import io.tenure.journal.FileDisk;
import io.tenure.journal.JournalCheck;
import io.tenure.journal.JournalException;
import io.tenure.net.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Bits flip in files of nodes that run, on a real disk with real sockets: the scrub finds them, and the node mends itself from
 * its peers in the same process, unaided (DESIGN.md, D4).
 */
class RotWhileRunningTest {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    /** So much log that the last of three members has written a snapshot, too. */
    private static final int WRITES = 800;

    @TempDir
    private Path folder;

    private final TreeMap<Integer, TenureNode> running = new TreeMap<>();
    private final StringBuilder members = new StringBuilder();
    private final List<String> addresses = new ArrayList<>();
    private String everyLogBytes = "8 KiB";

    @AfterEach
    void stop() {
        running.values().forEach(TenureNode::close);
    }

    @ParameterizedTest
    @EnumSource(Settings.Threading.class)
    void aNodeMendsItsFilesWhileItRuns(Settings.Threading threading) throws Exception {
        start(3, threading);
        try (TenureClient client = TenureClient.connect(String.join(",", addresses))) {
            fill(client);
            for (int node = 0; node < 3; node++) {
                awaitFile(node, "snapshot.txt");
            }
            // Of the leader, and of followers: whoever it is then.
            mends(0, "logs-1.txt", 1);
            mends(1, "logs-1.idx", 1);
            mends(2, "logs-1.txt", 1);
            mends(0, "snapshot.txt", 1);
            mends(1, "metadata.txt", 0);
            client.set("after", "all");
            for (int i = 0; i < WRITES; i++) {
                assertThat(client.get("key" + i)).contains("value" + i);
            }
            assertThat(client.get("after", ReadMode.QUORUM)).contains("all");
        }
        running.values().forEach(TenureNode::close);
        running.clear();
        for (int node = 0; node < 3; node++) {
            assertThat(JournalCheck.check(new FileDisk(), pathOf(node, "").toString())
                            .problems())
                    .isEmpty();
        }
    }

    /** Nobody has a good copy: the node stops, having changed nothing, and says what is wrong and where. */
    @Test
    void anOnlyMemberStopsInsteadOfServingWhatIsDamaged() throws Exception {
        start(1, Settings.Threading.SHARED);
        try (TenureClient client = TenureClient.connect(addresses.get(0))) {
            fill(client);
        }
        Path file = pathOf(0, "logs-1.txt");
        byte[] bad = flip(file, 40);
        CompletableFuture<Throwable> end = CompletableFuture.supplyAsync(() -> endOf(running.get(0)));
        assertThat(end.get(PATIENCE_NANOS, TimeUnit.NANOSECONDS))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining(file + ", line ")
                .hasMessageContaining("only member");
        assertThat(Files.readAllBytes(file)).isEqualTo(bad);
    }

    /** A node that is to be closed does not wait for peers that never come. */
    @Test
    void aNodeThatRepairsItselfCanBeClosed() throws Exception {
        start(3, Settings.Threading.SHARED);
        try (TenureClient client = TenureClient.connect(String.join(",", addresses))) {
            fill(client);
        }
        running.remove(1).close();
        running.remove(2).close();
        flip(pathOf(0, "logs-1.txt"), 40);
        awaitPort(0, false);
        running.remove(0).close();
    }

    /** The same when its folder is damaged as it starts: the start has returned then, so that it can be told to stop. */
    @Test
    void aNodeThatRepairsItselfAtItsStartCanBeClosed() throws Exception {
        start(3, Settings.Threading.SHARED);
        try (TenureClient client = TenureClient.connect(String.join(",", addresses))) {
            fill(client);
        }
        closeAll();
        flip(pathOf(0, "logs-1.txt"), 40);
        TenureNode node = CompletableFuture.supplyAsync(() -> TenureNode.start(settings(0, Settings.Threading.SHARED)))
                .get(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
        assertThat(addresses.get(0)).endsWith(":" + node.clientPort());
        node.close();
        assertThat(node.awaitStop()).isNull();
    }

    /** Every member stops, for the same reason, and says what would help. */
    @Test
    void nobodyGoesOnWithAnEntryOfWhichAllCopiesAreDamaged() throws Exception {
        everyLogBytes = "1 GiB"; // A snapshot of one that happens to reach the end of another's log would help.
        start(3, Settings.Threading.SHARED);
        try (TenureClient client = TenureClient.connect(String.join(",", addresses))) {
            fill(client);
        }
        closeAll();
        byte[] good = Files.readAllBytes(pathOf(1, "logs-1.txt"));
        for (int id = 0; id < 3; id++) {
            flip(pathOf(id, "logs-1.txt"), 40);
        }
        startAll(3, Settings.Threading.SHARED);
        for (int id = 0; id < 3; id++) {
            TenureNode node = running.get(id);
            Throwable end = CompletableFuture.supplyAsync(() -> endOf(node)).get(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
            assertThat(end)
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining(pathOf(id, "logs-1.txt") + ", line ")
                    .hasMessageContaining("No member can give entry ")
                    .hasMessageContaining("node " + (id + 1) % 3 + ": its copy is damaged, too")
                    .hasMessageContaining("node " + (id + 2) % 3 + ": its copy is damaged, too")
                    .hasMessageContaining("Way out: put an intact copy");
        }
        closeAll();
        Files.write(pathOf(1, "logs-1.txt"), good);
        startAll(3, Settings.Threading.SHARED);
        try (TenureClient client = TenureClient.connect(String.join(",", addresses))) {
            assertThat(client.get("key0")).contains("value0");
        }
    }

    private void closeAll() {
        running.values().forEach(TenureNode::close);
        running.clear();
    }

    private static Throwable endOf(TenureNode node) {
        try {
            return node.awaitStop();
        } catch (InterruptedException e) {
            return e;
        }
    }

    /** Flips a bit, waits until the file is as it was, and the node serves again. */
    private void mends(int node, String name, int boots) throws Exception {
        Path file = pathOf(node, name);
        long bootsBefore = boots(node);
        byte[] good = Files.readAllBytes(file);
        flip(file, good.length / 2);
        if (name.startsWith("metadata")) {
            await(name + " is good", () -> problems(node), List::isEmpty);
        } else if (name.startsWith("logs")) {
            await(name + " as it was", () -> Files.readAllBytes(file), each -> Arrays.equals(each, good));
        }
        await("boots of node " + node, () -> boots(node), each -> each == bootsBefore + boots);
        awaitPort(node, true);
        await(name + " of node " + node + " is good", () -> problems(node), List::isEmpty);
    }

    private List<JournalCheck.Problem> problems(int node) {
        return JournalCheck.check(new FileDisk(), pathOf(node, "").toString()).problems();
    }

    private long boots(int node) throws IOException {
        for (String line : Files.readAllLines(pathOf(node, "metadata.copy.txt"))) {
            if (line.startsWith("bootCount ")) {
                return Long.parseLong(line.substring("bootCount ".length()));
            }
        }
        throw new IOException("no boot count");
    }

    private static byte[] flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 1;
        // In place: the node has the file open.
        Files.write(file, bytes, StandardOpenOption.WRITE);
        return bytes;
    }

    private void fill(TenureClient client) throws Exception {
        List<CompletableFuture<WriteResult>> writes = new ArrayList<>();
        for (int i = 0; i < WRITES; i++) {
            writes.add(client.setAsync("key" + i, "value" + i));
            if (i % 50 == 49) {
                // Several groups, as the log rolls between them.
                CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new))
                        .join();
            }
        }
        for (int node : running.keySet()) {
            awaitFile(node, "logs-1.idx");
        }
    }

    private void awaitFile(int node, String name) throws Exception {
        await(name + " of node " + node, () -> Files.exists(pathOf(node, name)), each -> each);
    }

    private interface Condition<T> {
        boolean holds(T value);
    }

    private static <T> void await(String what, Callable<T> value, Condition<T> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        T last = value.call();
        while (!condition.holds(last)) {
            assertThat(System.nanoTime() - deadline).as("%s: %s", what, last).isNegative();
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
            last = value.call();
        }
    }

    private void awaitPort(int node, boolean open) throws Exception {
        String address = addresses.get(node);
        int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
        await("port " + port + (open ? " open" : " closed"), () -> isOpen(port), each -> each == open);
    }

    private static boolean isOpen(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private void start(int nodes, Settings.Threading threading) throws IOException {
        List<Integer> ports = FreePorts.find(2 * nodes);
        for (int id = 0; id < nodes; id++) {
            addresses.add("127.0.0.1:" + ports.get(2 * id));
            members.append("  - {id: " + id + ", peer: \"127.0.0.1:" + ports.get(2 * id + 1) + "\", client: \""
                    + addresses.get(id) + "\"}\n");
        }
        startAll(nodes, threading);
    }

    private void startAll(int nodes, Settings.Threading threading) {
        for (int id = 0; id < nodes; id++) {
            running.put(id, TenureNode.start(settings(id, threading)));
        }
    }

    private Settings settings(int id, Settings.Threading threading) {
        return Settings.parse(
                "node" + id + ".yaml",
                "nodeId: " + id + "\nclusterId: test\nmembers:\n" + members + "dataDir: \"" + folder
                        + "\"\nthreading: "
                        + threading.name().toLowerCase(Locale.ROOT)
                        + "\nlimits: {segmentBytes: 4 KiB}\nsnapshots: {everyLogBytes: " + everyLogBytes + "}\n"
                        + "scrub: {everyMillis: 500}\n");
    }

    private Path pathOf(int node, String name) {
        return folder.resolve("logs_node_" + node).resolve(name);
    }
}
