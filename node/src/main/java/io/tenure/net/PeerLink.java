package io.tenure.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import io.tenure.protocol.ConnectHandshake;
import io.tenure.protocol.FrameDecoder;
import io.tenure.protocol.FrameEncoder;
import io.tenure.protocol.Frames;
import io.tenure.protocol.HandshakeEvent;
import io.tenure.protocol.HostPort;
import io.tenure.protocol.ProtocolVersion;
import io.tenure.protocol.proto.ConnectionRole;
import io.tenure.protocol.proto.Hello;
import io.tenure.protocol.proto.HelloReply;
import io.tenure.protocol.proto.PeerFrame;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection to one peer, made again whenever it breaks. Event loop only, but for what says otherwise. */
final class PeerLink {
    private static final Logger LOGGER = LoggerFactory.getLogger(PeerLink.class);
    private static final int BACKOFF_DOUBLINGS_MAX = 16;

    private final int peer;
    private final HostPort address;
    private final Network network;
    private final Membership membership;
    private final Doorkeeper doorkeeper;
    private final PeerLinkLimits limits;
    private final RandomGenerator jitter;
    private final FrameEncoder encoder;
    private final LinkListener listener;

    /** Handed over by the raft agent in this turn; its thread only. */
    List<PeerFrame> offered = new ArrayList<>();

    /** Bytes of {@link #offered}; the raft agent's thread only. */
    int offeredBytes;

    /** From the agent's hand to the kernel's. */
    private final AtomicInteger queuedBytes = new AtomicInteger();

    /** The established connection, or null. Written on the event loop, read anywhere. */
    private volatile Channel established;

    /** The connection that takes nothing more, though it may still be up. */
    private volatile Channel silenced;

    private Channel connecting;
    private Future<?> retry;
    private boolean attempting;
    private boolean closed;
    private int failures;
    private long upSinceNanos;
    /** Whether the link is lost, and it is not known yet whether the peer's process is gone. */
    private boolean asksWhetherGone;

    private String lastProblem;

    PeerLink(
            int peer,
            HostPort address,
            Network network,
            Membership membership,
            PeerLinkLimits limits,
            RandomGenerator jitter,
            FrameEncoder encoder,
            LinkListener listener) {
        this.peer = peer;
        this.address = address;
        this.network = network;
        this.membership = membership;
        this.doorkeeper = new Doorkeeper(membership.self());
        this.limits = limits;
        this.jitter = jitter;
        this.encoder = encoder;
        this.listener = listener;
    }

    /** Whether the connection is established. Any thread. */
    boolean isUp() {
        return established != null;
    }

    /** Whether a message has a connection to go on. The raft agent's thread. */
    boolean isOpenForMessages() {
        Channel channel = established;
        return channel != null && channel != silenced;
    }

    /** Nothing more goes on the connection that is up now. The raft agent's thread. */
    void silence() {
        silenced = established;
    }

    /** Ends a silence that turned out to be needless. */
    void endSilence() {
        silenced = null;
    }

    /** Takes a frame if it fits the queue. The raft agent's thread. */
    boolean offer(PeerFrame frame) {
        int bytes = Frames.sizeBytes(frame);
        long queued = queuedBytes.get();
        long bound = bytes <= PeerLinkLimits.SMALL_BYTES_MAX
                ? (long) limits.queueBytesMax() + PeerLinkLimits.RESERVE_BYTES
                : limits.queueBytesMax();
        // A single frame above the bound must get through some time.
        if (queued > 0 && queued + bytes > bound) {
            return false;
        }
        queuedBytes.addAndGet(bytes);
        offered.add(frame);
        offeredBytes += bytes;
        return true;
    }

    /** Writes what a turn handed over, with one flush. Without a connection it is lost. */
    @SuppressWarnings("FutureReturnValueIgnored") // A failed write closes the channel, and with it the last promise.
    void write(List<PeerFrame> frames, int bytes) {
        Channel channel = established;
        if (channel == null) {
            queuedBytes.addAndGet(-bytes);
            return;
        }
        int last = frames.size() - 1;
        for (int i = 0; i < last; i++) {
            channel.write(frames.get(i), channel.voidPromise());
        }
        // Writes complete in order, so the last one's end is the end of all.
        channel.writeAndFlush(frames.get(last)).addListener(done -> queuedBytes.addAndGet(-bytes));
    }

    void open() {
        attempt();
    }

    void reconnectNow() {
        if (retry != null) {
            retry.cancel(false);
            retry = null;
            attempt();
        }
    }

    /** Closes the connection; a new one is made if the peer is admitted then. */
    void disconnect() {
        if (established != null) {
            close(established);
        }
    }

    void close() {
        closed = true;
        if (retry != null) {
            retry.cancel(false);
            retry = null;
        }
        if (connecting != null) {
            close(connecting);
        }
        Channel channel = established;
        established = null;
        if (channel != null) {
            close(channel);
        }
    }

    private void attempt() {
        if (closed || attempting || established != null) {
            return;
        }
        attempting = true;
        if (NetUtil.isValidIpV4Address(address.host()) || NetUtil.isValidIpV6Address(address.host())) {
            connect(address.resolve());
            return;
        }
        network.resolver().execute(() -> {
            InetSocketAddress resolved = address.resolve();
            network.loop().execute(() -> connect(resolved));
        });
    }

    private void connect(InetSocketAddress resolved) {
        if (closed) {
            return;
        }
        if (resolved.isUnresolved()) {
            failed("unknown host " + address.host());
            return;
        }
        Bootstrap bootstrap = new Bootstrap()
                .group(network.loop())
                .channel(network.transport().channel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, limits.connectMillisMax())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        FrameDecoder decoder = ConnectHandshake.newDecoder();
                        // After the handshake a peer says nothing on this connection.
                        channel.pipeline()
                                .addLast(
                                        decoder,
                                        encoder,
                                        new ConnectHandshake(
                                                decoder, hello(), PeerFrame.parser(), 0, PeerLink.this::objection),
                                        new Outbound());
                    }
                });
        if (EpollSocketChannel.class.isAssignableFrom(network.transport().channel())) {
            // Else a link cut for a while would wait for TCP's own retries, minutes apart, after it has healed.
            bootstrap.option(EpollChannelOption.TCP_USER_TIMEOUT, limits.connectMillisMax());
        }
        ChannelFuture future = bootstrap.connect(resolved);
        connecting = future.channel();
        future.addListener((ChannelFutureListener) attempted -> {
            if (!attempted.isSuccess()) {
                tellIfGone(attempted.cause());
                failed(SocketErrors.inWords(attempted.cause()));
            }
        });
    }

    private void tellIfGone(Throwable cause) {
        if (asksWhetherGone && !closed && SocketErrors.isRefusal(cause)) {
            asksWhetherGone = false;
            // Not before what the peer had sent: that may wait to be read in this very round of the loop.
            network.loop().execute(() -> listener.gone(peer));
        }
    }

    private Hello hello() {
        NodeIdentity self = membership.self();
        return Hello.newBuilder()
                .setProtocolVersion(ProtocolVersion.CURRENT)
                .setRole(ConnectionRole.PEER)
                .setClusterId(self.clusterId())
                .setNodeId(self.nodeId())
                .setIncarnation(self.incarnation())
                .setBootCount(self.bootCount())
                .setBootId(self.bootId())
                .setRejoining(self.rejoining())
                .setTargetNodeId(peer)
                .build();
    }

    private String objection(HelloReply reply) {
        return doorkeeper.wrongWithReply(reply, peer, membership.known());
    }

    private void welcomed(Channel channel) {
        attempting = false;
        connecting = null;
        failures = 0;
        lastProblem = null;
        if (closed) {
            close(channel);
            return;
        }
        LOGGER.info("connected to node {} at {}", peer, address);
        established = channel;
        upSinceNanos = network.clock().nanoTime();
        asksWhetherGone = false;
        listener.up(peer);
    }

    private void broke(String problem) {
        established = null;
        if (!closed) {
            LOGGER.warn("lost the link to node {} at {}: {}", peer, address, problem);
            listener.lost(peer);
            asksWhetherGone = true;
            // At once, as whether somebody listens there tells a dead process from a broken link (LEASE.md, 3.9).
            long upNanos = network.clock().nanoTime() - upSinceNanos;
            if (upNanos >= TimeUnit.MILLISECONDS.toNanos(limits.reconnectMillisMin())) {
                attempt();
            } else {
                retryLater();
            }
        }
    }

    private void failed(String problem) {
        failed(problem, false);
    }

    private void failed(String problem, boolean refused) {
        attempting = false;
        connecting = null;
        if (closed) {
            return;
        }
        // Once for each problem, not for each attempt.
        if (!Objects.equals(problem, lastProblem)) {
            lastProblem = problem;
            if (refused) {
                // What is wrong is most likely wrong here, and stays so until somebody sees to it.
                LOGGER.error("no link to node {} at {}: {}", peer, address, problem);
            } else {
                LOGGER.warn("no link to node {} at {}: {}; trying again", peer, address, problem);
            }
        }
        retryLater();
    }

    private void retryLater() {
        long pauseMillis = Math.min(
                limits.reconnectMillisMax(),
                (long) limits.reconnectMillisMin() << Math.min(failures, BACKOFF_DOUBLINGS_MAX));
        failures++;
        long jitteredMillis = pauseMillis / 2 + jitter.nextLong(pauseMillis - pauseMillis / 2 + 1);
        retry = network.loop()
                .schedule(
                        () -> {
                            retry = null;
                            attempt();
                        },
                        jitteredMillis,
                        TimeUnit.MILLISECONDS);
    }

    private static void close(Channel channel) {
        channel.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }

    /** One connection, from its handshake on. */
    private final class Outbound extends ChannelInboundHandlerAdapter {
        private boolean up;
        private String problem = "the other side closed it";
        private boolean refused;

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof HandshakeEvent.Welcomed) {
                up = true;
                welcomed(ctx.channel());
            } else if (event instanceof HandshakeEvent.Refused refusal) {
                problem = refusal.reason();
                refused = true;
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (up) {
                broke(problem);
            } else {
                failed(problem, refused);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            problem = SocketErrors.inWords(cause);
            close(ctx.channel());
        }
    }
}
