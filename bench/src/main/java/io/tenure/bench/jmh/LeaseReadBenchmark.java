package io.tenure.bench.jmh;

import com.google.protobuf.ByteString;
import io.tenure.entry.KeyHash;
import io.tenure.entry.KeyValue;
import io.tenure.handoff.ClientRing;
import io.tenure.handoff.DiskSpace;
import io.tenure.handoff.Inbox;
import io.tenure.handoff.NodeStatus;
import io.tenure.net.ClientConnection;
import io.tenure.net.ClientGateway;
import io.tenure.net.ClusterView;
import io.tenure.net.GatewayLimits;
import io.tenure.net.GatewaySeams;
import io.tenure.net.LeaseRead;
import io.tenure.protocol.Limits;
import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.ClientRequest;
import io.tenure.protocol.proto.GetRequest;
import io.tenure.protocol.proto.Outcome;
import io.tenure.raft.Lease;
import io.tenure.raft.Role;
import io.tenure.store.StateMachine;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A GET under the lease on the network thread (DESIGN.md, D7), without socket, frame and {@code dump.txt}: the read itself, and
 * from decoded request to reply.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LeaseReadBenchmark extends Forked {
    private static final int REQUESTS_MAX = 1_024;
    private static final int WINDOW = 4_096;

    /** Other keys that are in limbo. */
    @Param({"0", "1000"})
    public int limbo;

    /** Bytes of a value. */
    @Param("100")
    public int valueBytes;

    private final List<String> keys = Writes.keys();
    private final Answer answer = new Answer();
    private byte[][] keyBytes;
    private ClientRequest[] requests;
    private LeaseRead leaseRead;
    private ClientGateway gateway;
    private ClientGateway.Client client;
    private int next;

    /** Fills the store and publishes a lease. */
    @Setup
    public void setUp() {
        StateMachine store = new StateMachine();
        keys.forEach(key -> store.load(KeyValue.of(key, Writes.value(valueBytes))));
        store.finishLoad(Writes.KEYS);
        long endNanos = System.nanoTime() + TimeUnit.HOURS.toNanos(1);
        Lease.Limbo others = Lease.Limbo.of(
                LongStream.range(0, limbo).map(i -> KeyHash.of("other:" + i)).toArray());
        AtomicReference<Lease> lease = new AtomicReference<>(new Lease(Writes.TERM, 1, endNanos, 1, others));
        NodeStatus status = new NodeStatus(
                Role.LEADER, Writes.TERM, 0, true, endNanos, Writes.KEYS, Writes.KEYS, DiskSpace.UNKNOWN, null);
        leaseRead = new LeaseRead(lease::get, store, System::nanoTime, KeyHash::of);
        gateway = new ClientGateway(
                new ClusterView("benchmark", 0, new TreeMap<>()),
                leaseRead,
                new GatewaySeams(
                        new ClientRing(1 << 16, 1 << 10),
                        () -> {},
                        transfer -> false,
                        new Inbox<>(2, () -> {}),
                        () -> status,
                        () -> null,
                        0.01,
                        store,
                        System::nanoTime),
                new GatewayLimits(Limits.KEY_BYTES_MAX, 1 << 20, REQUESTS_MAX, REQUESTS_MAX, WINDOW),
                (isSet, key, value) -> {});
        client = gateway.connect(answer);
        keyBytes =
                keys.stream().map(key -> key.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
        requests = keys.stream()
                .map(key -> ClientRequest.newBuilder()
                        .setId(1)
                        .setGet(GetRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)))
                        .build())
                .toArray(ClientRequest[]::new);
    }

    /** The steps of the read. */
    @Benchmark
    public byte[] read() {
        if (!leaseRead.read(keyBytes[next()])) {
            throw new IllegalStateException("the lease did not allow it");
        }
        return leaseRead.keyValue();
    }

    /** From the request to the reply, as the gateway does it. */
    @Benchmark
    public ClientReply requestToReply() {
        gateway.onRequest(client, requests[next()]);
        gateway.onReadComplete(client);
        if (answer.last.getOutcome() != Outcome.DONE) {
            throw new IllegalStateException("answered " + answer.last);
        }
        return answer.last;
    }

    private int next() {
        next = (next + 1) % Writes.KEYS;
        return next;
    }

    /** Keeps what was answered last. */
    private static final class Answer implements ClientConnection {
        private ClientReply last;

        @Override
        public void send(ClientReply reply) {
            last = reply;
        }

        @Override
        public void flush() {}

        @Override
        public void pauseReading() {
            throw new IllegalStateException("nothing should wait");
        }

        @Override
        public void resumeReading() {}
    }
}
