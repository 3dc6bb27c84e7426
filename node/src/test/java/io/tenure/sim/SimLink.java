package io.tenure.sim;

import io.tenure.net.ClientConnection;
import io.tenure.net.ClientGateway;
import io.tenure.protocol.ProtocolVersion;
import io.tenure.protocol.SetFrame;
import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.ClientRequest;
import io.tenure.protocol.proto.HelloReply;
import io.tenure.protocol.proto.Outcome;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A client's connection to a node, both ends: ordered and complete as long as it stands, as TCP is. If the way is cut
 * while something should travel, it hangs for a while and then breaks. What travels are the bytes of frames.
 */
final class SimLink implements ClientConnection {
    private static final long MILLI = 1_000_000;
    private static final long NO_REQUEST = -1;

    /** A request as the node has read it; {@code key} is that of a read, else null. */
    private record Asked(boolean isWrite, String key) {}

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
    private final SimWire clientEnd = SimWire.ofClient();
    private final SimWire nodeEnd;
    private final Deque<Object> undelivered = new ArrayDeque<>();
    private final Map<Long, Asked> unanswered = new TreeMap<>();

    SimLink(World world, SimClient client, int number, int nodeId, RandomGenerator random) {
        this.world = world;
        this.client = client;
        this.number = number;
        this.nodeId = nodeId;
        this.random = random;
        nodeEnd = SimWire.ofNode(world.scenario().valueBytesMax);
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
                nodeEnd.frames().add(hello);
                flush();
            });
        });
    }

    /** Takes a request, which leaves at the next {@link #flushRequests}. */
    void request(ClientRequest request) {
        clientEnd.frames().add(request);
    }

    void flushRequests() {
        byte[] bytes = clientEnd.flush();
        if (bytes.length > 0) {
            toNode(() -> onGatewayThread(() -> {
                undelivered.addAll(nodeEnd.read(bytes));
                deliver();
            }));
        }
    }

    /** The client drops it. */
    void close() {
        clientEndOpen = false;
        clientEnd.close();
        disconnectGateway();
    }

    /** It breaks; the client notices a little later, unless the way is cut. */
    void breakOff(String reason) {
        nodeEnd.close();
        if (!world.network().isCut(nodeId, world.placeOf(client))) {
            toClient(() -> lost(reason));
        } else {
            hang();
        }
    }

    private void lost(String reason) {
        clientEndOpen = false;
        clientEnd.close();
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
            Object message = undelivered.poll();
            if (message instanceof SetFrame set) {
                ask(set.id(), new Asked(true, null));
                process.gateway().onSet(handle, set);
            } else {
                ClientRequest request = (ClientRequest) message;
                String key = request.hasGet() ? request.getGet().getKey().toStringUtf8() : null;
                ask(request.getId(), new Asked(request.hasSet(), key));
                process.gateway().onRequest(handle, request);
            }
            inRequest = NO_REQUEST;
            any = true;
        }
        if (any) {
            process.gateway().onReadComplete(handle);
        }
    }

    private void ask(long id, Asked asked) {
        unanswered.put(id, asked);
        inRequest = id;
    }

    private void disconnectGateway() {
        onGatewayThread(() -> {
            if (handle != null) {
                process.gateway().disconnect(handle);
                handle = null;
                nodeEnd.close();
                undelivered.clear();
            }
        });
    }

    @Override
    public void send(ClientReply reply) {
        Asked asked = answer(reply.getId(), reply.getOutcome(), reply.getIndex());
        if (reply.getOutcome() == Outcome.DISK_FULL) {
            world.onDiskFullAnswer();
        }
        boolean atOnce = reply.getId() == inRequest && asked.key != null && reply.getOutcome() == Outcome.DONE;
        // Who has no lease tells an age, or that it knows none.
        boolean byLease = atOnce && reply.getAgeMillis() == 0;
        if (byLease) {
            world.witness().leaseRead(process.node(), asked.key);
        }
        nodeEnd.frames().add(reply);
    }

    @Override
    public void sendWritten(long requestId, int node, long term, int leader, long index) {
        answer(requestId, Outcome.DONE, index);
        nodeEnd.frames().addWritten(requestId, node, term, leader, index);
    }

    private Asked answer(long requestId, Outcome outcome, long index) {
        Asked asked = unanswered.remove(requestId);
        if (asked == null) {
            throw new Violation("OneAnswer", "node " + nodeId + " answers request " + requestId + " twice");
        }
        if (asked.isWrite && outcome == Outcome.DONE) {
            world.visibleBeforeAnswer().onWritten(process.node(), index);
        }
        return asked;
    }

    @Override
    public void flush() {
        byte[] bytes = nodeEnd.flush();
        if (bytes.length > 0) {
            toClient(() -> client.receive(number, clientEnd.read(bytes)));
        }
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
