package io.tenure.peers.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.maintenance.StatusResponse;
import io.tenure.bench.compare.Contender;
import io.tenure.peers.Layout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** etcd's client for Java; operations are spread over a few of them. */
final class EtcdContender implements Contender {
    static final int CLIENTS = 4;

    private static final int STATUS_SECONDS = 2;
    private static final int TIMEOUT_SECONDS = 10;

    private final List<String> nodes;
    private final List<Client> clients = new ArrayList<>();
    private final List<KV> stores = new ArrayList<>();
    private final AtomicInteger turn = new AtomicInteger();

    EtcdContender(Layout layout) {
        nodes = IntStream.range(0, Layout.NODES)
                .mapToObj(id -> "http://" + layout.address(id, 0))
                .toList();
        for (int i = 0; i < CLIENTS; i++) {
            Client client =
                    Client.builder().endpoints(nodes.toArray(new String[0])).build();
            clients.add(client);
            stores.add(client.getKVClient());
        }
    }

    private KV store() {
        return stores.get(Math.floorMod(turn.getAndIncrement(), CLIENTS));
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    @Override
    public CompletableFuture<?> set(String key, String value) {
        return store().put(bytes(key), bytes(value)).orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public CompletableFuture<String> get(String key) {
        return store().get(bytes(key))
                .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .thenApply(found -> found.getKvs().isEmpty()
                        ? null
                        : found.getKvs().get(0).getValue().toString(StandardCharsets.UTF_8));
    }

    @Override
    public int leader() {
        return IntStream.range(0, nodes.size()).filter(this::leads).findFirst().orElse(-1);
    }

    private boolean leads(int id) {
        try {
            StatusResponse status = clients.get(0)
                    .getMaintenanceClient()
                    .statusMember(nodes.get(id))
                    .get(STATUS_SECONDS, TimeUnit.SECONDS);
            return status.getLeader() == status.getHeader().getMemberId();
        } catch (ExecutionException | TimeoutException e) {
            return false; // It is down.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public Failure failure(Throwable error) {
        return Failure.UNKNOWN;
    }

    @Override
    public void close() {
        clients.forEach(Client::close);
    }
}
