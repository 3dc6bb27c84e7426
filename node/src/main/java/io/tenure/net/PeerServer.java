package io.tenure.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.tenure.handoff.Inbox;
import io.tenure.protocol.AcceptHandshake;
import io.tenure.protocol.FrameDecoder;
import io.tenure.protocol.FrameEncoder;
import io.tenure.protocol.FrameException;
import io.tenure.protocol.HandshakeEvent;
import io.tenure.protocol.HostPort;
import io.tenure.protocol.Limits;
import io.tenure.protocol.proto.PeerFrame;
import io.tenure.raft.Input;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes connections of peers, and what they send, to the core's inbox. A peer has one connection here, the newest; this
 * node's own messages to it travel on {@link PeerLinks}. A full inbox drops, as Raft allows.
 */
public final class PeerServer {
    private static final Logger LOGGER = LoggerFactory.getLogger(PeerServer.class);

    private final Network network;
    private final Membership membership;
    private final Doorkeeper doorkeeper;
    private final PeerCodec codec;
    private final Inbox<Input.Receive> inbox;
    private final IntConsumer connected;
    private final SparseLog sparseLog;
    private final SparseLog comings;
    private final FrameEncoder encoder = new FrameEncoder();
    private final Map<Integer, Channel> newest = new HashMap<>();
    private Listener listener;

    /**
     * Makes a server that does not listen yet.
     *
     * @param connected is told, on the event loop, of each peer that connects; for {@link PeerLinks#reconnectNow}
     */
    public PeerServer(Network network, Membership membership, Inbox<Input.Receive> inbox, IntConsumer connected) {
        this.network = network;
        this.membership = membership;
        this.doorkeeper = new Doorkeeper(membership.self());
        this.codec = new PeerCodec(membership.self().nodeId());
        this.inbox = inbox;
        this.connected = connected;
        this.sparseLog = new SparseLog(LOGGER, network.clock());
        this.comings = new SparseLog(LOGGER, network.clock());
        membership.known().onShutOut(peer -> {
            Channel channel = newest.get(peer);
            if (channel != null) {
                close(channel);
            }
        });
    }

    /**
     * Listens; not to be called on the event loop.
     *
     * @throws BindException whose message names host and port
     */
    public void open(HostPort bind) throws BindException {
        listener = Listener.open(network, bind, "peers", new ChannelInitializer<SocketChannel>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                accept(channel);
            }
        });
    }

    /** Puts in place what handles a new connection. */
    void accept(Channel channel) {
        FrameDecoder decoder = AcceptHandshake.newDecoder();
        channel.pipeline()
                .addLast(
                        decoder,
                        encoder,
                        new AcceptHandshake(
                                decoder,
                                hello -> doorkeeper.judgePeer(hello, membership),
                                PeerFrame.parser(),
                                Limits.PEER_FRAME_BYTES_MAX,
                                Limits.HANDSHAKE_MILLIS_MAX),
                        new Inbound());
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return listener.address();
    }

    /** Stops listening and closes all connections, once; not to be called on the event loop. */
    public void close() {
        if (listener != null) {
            listener.close();
            listener = null;
        }
    }

    /** One connection of a peer. */
    private final class Inbound extends SimpleChannelInboundHandler<PeerFrame> {
        private int from = -1;
        private boolean refused;

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof HandshakeEvent.Accepted accepted) {
                from = accepted.hello().getNodeId();
                comings.info("node {} connected from {}", from, ctx.channel().remoteAddress());
                Channel older = newest.put(from, ctx.channel());
                if (older != null) {
                    close(older);
                }
                connected.accept(from);
            } else if (event instanceof HandshakeEvent.Refused refused) {
                sparseLog.warn("refused a peer from {}: {}", ctx.channel().remoteAddress(), refused.reason());
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, PeerFrame frame) {
            if (refused) {
                return; // What follows a malformed message and had been read with it.
            }
            try {
                boolean taken = inbox.offer(new Input.Receive(from, codec.decode(from, frame)));
                if (!taken) {
                    sparseLog.warn("dropped a message of node {}: the inbox is full", from);
                }
            } catch (MalformedFrameException e) {
                refused = true;
                sparseLog.warn("closed the connection of node {}: {}", from, e.getMessage());
                close(ctx.channel());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (from >= 0 && newest.remove(from, ctx.channel())) {
                comings.info("node {} disconnected", from);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            String who = from >= 0 ? "node " + from : "an unknown peer";
            if (cause instanceof FrameException) {
                sparseLog.warn("closed the connection of {} from {}: {}", who, remote(ctx), cause.getMessage());
            } else {
                LOGGER.debug("the connection of {} from {} broke: {}", who, remote(ctx), cause.toString());
            }
            close(ctx.channel());
        }
    }

    private static Object remote(ChannelHandlerContext ctx) {
        return ctx.channel().remoteAddress();
    }

    private static void close(Channel channel) {
        channel.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }
}
