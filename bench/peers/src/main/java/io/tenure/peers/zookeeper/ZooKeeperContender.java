package io.tenure.peers.zookeeper;

import io.tenure.bench.compare.Contender;
import io.tenure.peers.Layout;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;

/** ZooKeeper's own client; operations are spread over a few sessions. */
final class ZooKeeperContender implements Contender {
    static final int SESSIONS = 4;

    private static final String ROOT = "/kv";
    private static final int SESSION_TIMEOUT_MILLIS = 10_000;
    private static final int STATUS_TIMEOUT_MILLIS = 2000;

    private final Layout layout;
    private final List<ZooKeeper> sessions = new ArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();

    ZooKeeperContender(Layout layout) throws IOException {
        this.layout = layout;
        String nodes = IntStream.range(0, Layout.NODES)
                .mapToObj(id -> layout.address(id, 0))
                .collect(Collectors.joining(","));
        for (int i = 0; i < SESSIONS; i++) {
            sessions.add(new ZooKeeper(nodes, SESSION_TIMEOUT_MILLIS, event -> {}));
        }
    }

    private ZooKeeper session() {
        return sessions.get(Math.floorMod(turn.getAndIncrement(), SESSIONS));
    }

    private static String path(String key) {
        return ROOT + "/" + key;
    }

    @Override
    public CompletableFuture<?> set(String key, String value) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        setData(session(), path(key), value.getBytes(StandardCharsets.UTF_8), done);
        return done;
    }

    private static void setData(ZooKeeper session, String path, byte[] value, CompletableFuture<Void> done) {
        session.setData(
                path,
                value,
                -1,
                (code, asked, context, stat) -> {
                    if (code == Code.NONODE.intValue()) {
                        create(session, path, value, done);
                    } else {
                        settle(code, path, null, done);
                    }
                },
                null);
    }

    /** The first write of a key; another client may be faster, and the root may not be there yet. */
    private static void create(ZooKeeper session, String path, byte[] value, CompletableFuture<Void> done) {
        session.create(
                path,
                value,
                ZooDefs.Ids.OPEN_ACL_UNSAFE,
                CreateMode.PERSISTENT,
                (code, asked, context, name) -> {
                    if (code == Code.NODEEXISTS.intValue()) {
                        setData(session, path, value, done);
                    } else if (code == Code.NONODE.intValue() && !path.equals(ROOT)) {
                        CompletableFuture<Void> root = new CompletableFuture<>();
                        create(session, ROOT, new byte[0], root);
                        var unused = root.whenComplete((made, error) -> {
                            if (error != null) {
                                done.completeExceptionally(error);
                            } else {
                                create(session, path, value, done);
                            }
                        });
                    } else {
                        settle(code, path, null, done);
                    }
                },
                null);
    }

    /** Both on one session, which keeps their order. */
    @Override
    public CompletableFuture<String> get(String key) {
        CompletableFuture<Void> synced = new CompletableFuture<>();
        CompletableFuture<String> read = new CompletableFuture<>();
        ZooKeeper session = session();
        String path = path(key);
        session.sync(path, (code, asked, context) -> settle(code, path, null, synced), null);
        session.getData(
                path,
                false,
                (code, asked, context, data, stat) -> {
                    if (code == Code.NONODE.intValue()) {
                        read.complete(null);
                    } else {
                        settle(code, path, data == null ? null : new String(data, StandardCharsets.UTF_8), read);
                    }
                },
                null);
        return synced.thenCombine(read, (nothing, value) -> value);
    }

    private static <T> void settle(int code, String path, T value, CompletableFuture<T> future) {
        if (code == Code.OK.intValue()) {
            future.complete(value);
        } else {
            future.completeExceptionally(KeeperException.create(Code.get(code), path));
        }
    }

    @Override
    public int leader() {
        for (int id = 0; id < Layout.NODES; id++) {
            if (status(layout.port(id, 0)).contains("Mode: leader")) {
                return id;
            }
        }
        return -1;
    }

    private static String status(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), STATUS_TIMEOUT_MILLIS);
            socket.setSoTimeout(STATUS_TIMEOUT_MILLIS);
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return ""; // It is down, and so leads nobody.
        }
    }

    @Override
    public Failure failure(Throwable error) {
        return Failure.UNKNOWN;
    }

    @Override
    public void close() {
        try {
            for (ZooKeeper session : sessions) {
                session.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
