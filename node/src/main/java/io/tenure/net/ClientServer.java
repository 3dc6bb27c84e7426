package io.tenure.net;

import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.Parser;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.flow.FlowControlHandler;
import io.tenure.protocol.AcceptHandshake;
import io.tenure.protocol.FrameDecoder;
import io.tenure.protocol.FrameEncoder;
import io.tenure.protocol.FrameException;
import io.tenure.protocol.FrameGroup;
import io.tenure.protocol.HandshakeEvent;
import io.tenure.protocol.HostPort;
import io.tenure.protocol.Limits;
import io.tenure.protocol.SetFrame;
import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.ClientRequest;
import io.tenure.protocol.proto.Hello;
import io.tenure.protocol.proto.HelloReply;
import java.net.BindException;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes connections of clients and brings the {@link ClientGateway} their requests. A client is not read from while the
 * gateway has no room for it, or while it does not read what it was answered.
 */
public final class ClientServer {
    private static final Logger LOGGER = LoggerFactory.getLogger(ClientServer.class);

    /** Forgets fields that nobody asked for: kept, they would take forty times the bytes of their frame. */
    static final Parser<ClientRequest> REQUESTS = DiscardUnknownFieldsParser.wrap(ClientRequest.parser());

    /** Bytes taken from one client before the next one's turn. */
    private static final int READ_BYTES_MAX = 16 << 10;

    private final Network network;
    private final Doorkeeper doorkeeper;
    private final ClientGateway gateway;
    private final ClientServerLimits limits;
    private final SparseLog sparseLog;
    private final FrameEncoder encoder = new FrameEncoder();
    private Listener listener;
    private int connections;

    /** Makes a server that does not listen yet. */
    public ClientServer(Network network, NodeIdentity self, ClientGateway gateway, ClientServerLimits limits) {
        this.network = network;
        this.doorkeeper = new Doorkeeper(self);
        this.gateway = gateway;
        this.limits = limits;
        this.sparseLog = new SparseLog(LOGGER, network.clock());
    }

    /**
     * Listens; not to be called on the event loop.
     *
     * @throws BindException whose message names host and port
     */
    public void open(HostPort bind) throws BindException {
        listener = Listener.open(network, bind, "clients", new ChannelInitializer<SocketChannel>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                accept(channel);
            }
        });
    }

    /** Puts in place what handles a new connection. */
    void accept(Channel channel) {
        FrameDecoder decoder = AcceptHandshake.newDecoder();
        channel.config().setRecvByteBufAllocator(readSizes());
        channel.pipeline()
                .addLast(
                        decoder,
                        encoder,
                        new AcceptHandshake(
                                decoder,
                                ClientServer.this::judge,
                                REQUESTS,
                                Limits.clientFrameBytesMax(limits.valueBytesMax()),
                                limits.handshakeMillisMax()),
                        // Holds back requests already decoded when reading stops.
                        new FlowControlHandler(),
                        new Inbound());
    }

    /** So much at a time: however much a client sends, peers, timers and other clients come between its reads. */
    private static RecvByteBufAllocator readSizes() {
        return new AdaptiveRecvByteBufAllocator(64, 2048, READ_BYTES_MAX).maxMessagesPerRead(1);
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

    private HelloReply judge(Hello hello) {
        String objection = connections <= limits.connectionsMax()
                ? null
                : "all " + limits.connectionsMax() + " connections for clients are taken";
        return doorkeeper.judgeClient(hello, limits.keyBytesMax(), limits.valueBytesMax(), objection);
    }

    /** One connection of a client. */
    private final class Inbound extends SimpleChannelInboundHandler<Object> implements ClientConnection {
        private ChannelHandlerContext context;
        private FrameGroup replies;
        private ClientGateway.Client client;
        private boolean pausedByGateway;

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            context = ctx;
            replies = new FrameGroup(ctx.channel());
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            connections++;
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            connections--;
            if (client != null) {
                gateway.disconnect(client);
            }
            replies.close();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof HandshakeEvent.Accepted) {
                ctx.pipeline().get(FrameDecoder.class).readWrites();
                client = gateway.connect(this);
            } else if (event instanceof HandshakeEvent.Refused refused) {
                sparseLog.warn("refused a client from {}: {}", remoteAddress(), refused.reason());
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, Object request) {
            if (request instanceof SetFrame set) {
                gateway.onSet(client, set);
            } else {
                gateway.onRequest(client, (ClientRequest) request);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            if (client != null) {
                gateway.onReadComplete(client);
            }
        }

        @Override
        public void send(ClientReply reply) {
            replies.add(reply);
            closeIfUnread();
        }

        @Override
        public void sendWritten(long requestId, int nodeId, long term, int leaderId, long index) {
            replies.addWritten(requestId, nodeId, term, leaderId, index);
            closeIfUnread();
        }

        private void closeIfUnread() {
            Channel channel = context.channel();
            if (channel.bytesBeforeWritable() > limits.unreadBytesMax()) {
                sparseLog.warn("closed the connection of a client from {}: it does not read", remoteAddress());
                closeChannel();
            }
        }

        @Override
        public void flush() {
            replies.flush();
        }

        @Override
        public void pauseReading() {
            pausedByGateway = true;
            readOrNot();
        }

        @Override
        public void resumeReading() {
            pausedByGateway = false;
            readOrNot();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            if (ctx.channel().isWritable()) {
                // Later: to read on from within a write could go on for ever.
                ctx.executor().execute(this::readOrNot);
            } else {
                readOrNot();
                ctx.flush();
            }
        }

        private void readOrNot() {
            Channel channel = context.channel();
            boolean reads = !pausedByGateway && channel.isWritable();
            channel.config().setAutoRead(reads);
            if (reads) {
                // What was held back has been delivered by now, and no end of a read follows that.
                replies.flush();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof FrameException) {
                sparseLog.warn("closed the connection of a client from {}: {}", remoteAddress(), cause.getMessage());
            } else {
                LOGGER.debug("the connection of a client from {} broke: {}", remoteAddress(), cause.toString());
            }
            closeChannel();
        }

        private Object remoteAddress() {
            return context.channel().remoteAddress();
        }

        private void closeChannel() {
            context.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
        }
    }
}
