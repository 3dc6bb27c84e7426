package io.tenure.sim;

import io.tenure.net.ClientConnection;
import io.tenure.net.ClientGateway;
import io.tenure.protocol.ProtocolVersion;
import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.ClientRequest;
import io.tenure.protocol.proto.HelloReply;
import io.tenure.protocol.proto.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A client's connection to a node, both ends: ordered and complete as long as it stands, as TCP is. If the way is cut
 * while something should travel, it hangs for a while and then breaks.
 */
final class SimLink implements ClientConnection {
    private static final long MILLI = 1_000_000;
    private static final long NO_REQUEST = -1;

    private final World world;
    private final SimClient client;
    private final int number;
    private final int nodeId;
    private final RandomGenerator random;
    /** The request that the gateway looks at right now: what it answers meanwhile, it answers alone. */
    private long inRequest = NO_REQUEST;

    private SimProcess process;
    private ClientGateway.Client handle;
    private boolean clientEndOpen = true;
    private boolean hangs;
    private boolean paused;
    private final Deque<ClientRequest> undelivered = new ArrayDeque<>();
    private final List<ClientReply> unflushed = new ArrayList<>();
    private final Map<Long, ClientRequest> unanswered = new TreeMap<>();

    SimLink(World world, SimClient client, int number, int nodeId, RandomGenerator random) {
        this.world = world;
        this.client = client;
        this.number = number;
        this.nodeId = nodeId;
        this.random = random;
    }

    boolean leadsTo(SimProcess other) {
        return process == other;
    }

    // The client's end.

    void connect() {
        toNode(() -> {
            SimProcess found = world.process(nodeId);
            if (found == null || !found.isServing()) {
                toClient(() -> lost("connection refused"));
                return;
            }
            process = found;
            onGatewayThread(() -> {
                handle = process.gateway().connect(this);
                HelloReply hello = HelloReply.newBuilder()
                        .setAccepted(true)
                        .setProtocolVersion(ProtocolVersion.CURRENT)
                        .setClusterId("simulated")
                        .setNodeId(nodeId)
                        .setKeyBytesMax(64)
                        .setValueBytesMax(world.scenario().valueBytesMax)
                        .build();
                toClient(() -> {
                    client.logic().connected(client.now(), number, hello);
                    client.act();
                });
            });
        });
    }

    void request(ClientRequest request) {
        toNode(() -> onGatewayThread(() -> {
            undelivered.add(request);
            deliver();
        }));
    }

    /** The client drops it. */
    void close() {
        clientEndOpen = false;
        disconnectGateway();
    }

    /** It breaks; the client notices a little later, unless the way is cut. */
    void breakOff(String reason) {
        if (!world.network().isCut(nodeId, world.placeOf(client))) {
            toClient(() -> lost(reason));
        } else {
            hang();
        }
    }

    private void lost(String reason) {
        clientEndOpen = false;
        client.forget(number);
        disconnectGateway();
        client.logic().disconnected(client.now(), number, reason);
        client.act();
    }

    /** Nothing gets through any more; somebody will notice in the end. */
    private void hang() {
        if (!hangs) {
            hangs = true;
            world.timeline().in(MILLI * (100 + random.nextInt(3000)), () -> {
                if (clientEndOpen) {
                    lost("connection timed out");
                }
            });
        }
    }

    private void toNode(Runnable arrival) {
        if (!hangs && !world.network().stream(world.placeOf(client), nodeId, arrival)) {
            hang();
        }
    }

    private void toClient(Runnable arrival) {
        boolean gone = !hangs
                && !world.network().stream(nodeId, world.placeOf(client), () -> {
                    if (clientEndOpen) {
                        arrival.run();
                    }
                });
        if (gone) {
            hang();
        }
    }

    // The node's end.

    private void onGatewayThread(Runnable task) {
        if (process != null && process.isServing()) {
            process.gatewayThread().submit(task);
        }
    }

    private void deliver() {
        boolean any = false;
        while (!paused && handle != null && !undelivered.isEmpty()) {
            ClientRequest request = undelivered.poll();
            unanswered.put(request.getId(), request);
            inRequest = request.getId();
            process.gateway().onRequest(handle, request);
            inRequest = NO_REQUEST;
            any = true;
        }
        if (any) {
            process.gateway().onReadComplete(handle);
        }
    }

    private void disconnectGateway() {
        onGatewayThread(() -> {
            if (handle != null) {
                process.gateway().disconnect(handle);
                handle = null;
                undelivered.clear();
            }
        });
    }

    @Override
    public void send(ClientReply reply) {
        ClientRequest request = unanswered.remove(reply.getId());
        if (request == null) {
            throw new Violation("OneAnswer", "node " + nodeId + " answers request " + reply.getId() + " twice");
        }
        world.visibleBeforeAnswer().onAnswer(process.node(), request, reply);
        if (reply.getOutcome() == Outcome.DISK_FULL) {
            world.onDiskFullAnswer();
        }
        boolean byLease = reply.getId() == inRequest && request.hasGet() && reply.getOutcome() == Outcome.DONE;
        if (byLease) {
            world.witness().leaseRead(process.node(), request.getGet().getKey().toStringUtf8());
        }
        unflushed.add(reply);
    }

    @Override
    public void flush() {
        for (ClientReply reply : unflushed) {
            toClient(() -> {
                client.logic().reply(client.now(), number, reply);
                client.act();
            });
        }
        unflushed.clear();
    }

    @Override
    public void pauseReading() {
        paused = true;
    }

    @Override
    public void resumeReading() {
        paused = false;
        onGatewayThread(this::deliver);
    }
}
