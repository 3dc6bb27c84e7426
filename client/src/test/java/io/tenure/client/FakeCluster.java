package io.tenure.client;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.tenure.protocol.AcceptHandshake;
import io.tenure.protocol.FrameDecoder;
import io.tenure.protocol.FrameEncoder;
import io.tenure.protocol.Limits;
import io.tenure.protocol.Transport;
import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.ClientRequest;
import io.tenure.protocol.proto.Hello;
import io.tenure.protocol.proto.HelloReply;
import io.tenure.protocol.proto.Member;
import io.tenure.protocol.proto.NodeStatus;
import io.tenure.protocol.proto.Outcome;
import io.tenure.protocol.proto.SessionOpened;
import io.tenure.protocol.proto.SetRequest;
import io.tenure.protocol.proto.Timing;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Nodes that speak the real protocol on loopback, share one log in memory, and do as a test says: stop, refuse, drop
 * connections, answer anything. One event loop, so what they share needs no lock; what tests set is volatile.
 */
public final class FakeCluster implements AutoCloseable {
    /** Instead of a node's own answer; null lets it answer as usual, {@link #SILENCE} not at all. */
    @FunctionalInterface
    public interface Script {
        /** The answer to a request at a node. */
        ClientReply.Builder answer(int node, ClientRequest request);
    }

    /** No answer. */
    public static final ClientReply.Builder SILENCE = ClientReply.newBuilder();

    private static final int WINDOW = 1_000;

    /** Node that leads; -1 for none. */
    public volatile int leader;

    /** Term of every answer. */
    public volatile long term = 7;

    /** What the script says comes first. */
    public volatile Script script = (node, request) -> null;

    /** Stopped nodes read nothing and answer nothing, but the kernel takes their connections, as after SIGSTOP. */
    public final Map<Integer, Boolean> stopped = new ConcurrentHashMap<>();

    /** Requests seen. */
    public final AtomicInteger requests = new AtomicInteger();

    /** Writes that the log holds, in order. */
    public final List<String> log = java.util.Collections.synchronizedList(new ArrayList<>());

    private final EventLoopGroup group = Transport.NIO.newGroup(1, new DefaultThreadFactory("fake-cluster", true));
    private final List<Channel> servers = new ArrayList<>();
    private final List<ChannelGroup> channels = new ArrayList<>();
    private final Map<String, String> store = new TreeMap<>();
    private final Map<List<Long>, Long> names = new HashMap<>();
    private long sessions = 1_000;

    /** Starts nodes on free ports; node 0 leads. */
    public FakeCluster(int nodes) {
        for (int i = 0; i < nodes; i++) {
            start(i);
        }
    }

    private void start(int node) {
        ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
        channels.add(open);
        servers.add(new ServerBootstrap()
                .group(group)
                .channel(Transport.NIO.serverChannel())
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        open.add(channel);
                        FrameDecoder decoder = AcceptHandshake.newDecoder();
                        channel.pipeline()
                                .addLast(new Stop(node))
                                .addLast(decoder)
                                .addLast(new FrameEncoder())
                                .addLast(new AcceptHandshake(
                                        decoder,
                                        hello -> judge(node, hello),
                                        ClientRequest.parser(),
                                        Limits.clientFrameBytesMax(1 << 20),
                                        5_000))
                                .addLast(new Serve(node));
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel());
    }

    /** Address of a node. */
    public String address(int node) {
        return "127.0.0.1:" + ((InetSocketAddress) servers.get(node).localAddress()).getPort();
    }

    /** All addresses, as a client takes them. */
    public String addresses() {
        return java.util.stream.IntStream.range(0, servers.size())
                .mapToObj(this::address)
                .collect(Collectors.joining(","));
    }

    /** Breaks all connections of a node. */
    public void disconnect(int node) {
        channels.get(node).close().syncUninterruptibly();
    }

    /** Breaks all connections and stops listening. */
    public void kill(int node) {
        servers.get(node).close().syncUninterruptibly();
        disconnect(node);
    }

    /** Connections open now. */
    public int connections() {
        return channels.stream().mapToInt(ChannelGroup::size).sum();
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 5, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
    }

    private HelloReply judge(int node, Hello hello) {
        return HelloReply.newBuilder()
                .setAccepted(true)
                .setProtocolVersion(hello.getProtocolVersion())
                .setClusterId("fake")
                .setNodeId(node)
                .setKeyBytesMax(4096)
                .setValueBytesMax(1 << 20)
                .build();
    }

    private ClientReply.Builder answer(int node, ClientRequest request) {
        ClientReply.Builder scripted = script.answer(node, request);
        if (scripted != null) {
            return scripted;
        }
        ClientReply.Builder reply = ClientReply.newBuilder().setOutcome(Outcome.DONE);
        if (request.hasStatus()) {
            return reply.setStatus(status(node));
        }
        if (node != leader) {
            return notLeader();
        }
        switch (request.getOperationCase()) {
            case OPEN_SESSION ->
                reply.setSession(SessionOpened.newBuilder()
                        .setSession(++sessions)
                        .setBirthIndex(log.size())
                        .setWindow(WINDOW));
            case SET -> reply.setIndex(append(request.getSet()));
            case GET -> {
                String value = store.get(request.getGet().getKey().toStringUtf8());
                reply.setFound(value != null);
                if (value != null) {
                    reply.setValue(com.google.protobuf.ByteString.copyFromUtf8(value));
                }
            }
            case TRANSFER -> {
                leader = request.getTransfer().hasTarget()
                        ? request.getTransfer().getTarget()
                        : 1;
                reply.setLeaderId(leader);
            }
            default -> reply.setOutcome(Outcome.INVALID);
        }
        return reply;
    }

    /** A node's refusal, with the leader as hint. */
    public ClientReply.Builder notLeader() {
        return ClientReply.newBuilder()
                .setOutcome(Outcome.NOT_LEADER)
                .setLeaderId(leader)
                .setLeaderAddress(leader < 0 ? "" : address(leader));
    }

    /** Appends a write unless the log holds its name, and returns its index. */
    public long append(SetRequest set) {
        return names.computeIfAbsent(List.of(set.getSession(), set.getNumber()), name -> {
            String key = set.getKey().toStringUtf8();
            String value = set.getValue().toStringUtf8();
            store.put(key, value);
            log.add(key + "=" + value);
            return (long) log.size();
        });
    }

    private NodeStatus status(int node) {
        NodeStatus.Builder status = NodeStatus.newBuilder()
                .setNodeId(node)
                .setClusterId("fake")
                .setRole(node == leader ? "LEADER" : "FOLLOWER")
                .setTerm(term)
                .setLeaderId(leader)
                .setLeaseLeftMillis(node == leader ? 320 : -1)
                .setLastIndex(log.size())
                .setCommitIndex(log.size())
                .setAppliedIndex(log.size())
                .setTiming(Timing.newBuilder()
                        .setHeartbeatMillis(50)
                        .setLeaseMillis(350)
                        .setElectionTimeoutMinMillis(400)
                        .setElectionTimeoutMaxMillis(700));
        for (int i = 0; i < servers.size(); i++) {
            status.addMembers(Member.newBuilder().setNodeId(i).setClientAddress(address(i)));
        }
        return status.build();
    }

    /** Swallows everything while the node is stopped. */
    private final class Stop extends ChannelInboundHandlerAdapter {
        private final int node;

        Stop(int node) {
            this.node = node;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object bytes) {
            if (stopped.getOrDefault(node, false)) {
                io.netty.util.ReferenceCountUtil.release(bytes);
            } else {
                ctx.fireChannelRead(bytes);
            }
        }
    }

    private final class Serve extends ChannelInboundHandlerAdapter {
        private final int node;

        Serve(int node) {
            this.node = node;
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // Nothing is left to do if it can't be closed.
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // A client that is gone needs no answer.
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            requests.incrementAndGet();
            ClientRequest request = (ClientRequest) message;
            ClientReply.Builder reply = answer(node, request);
            if (reply != SILENCE) {
                ctx.writeAndFlush(reply.setId(request.getId())
                        .setNodeId(node)
                        .setTerm(term)
                        .build());
            }
        }
    }
}
