package io.tenure.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.tenure.protocol.ConnectHandshake;
import io.tenure.protocol.FrameDecoder;
import io.tenure.protocol.FrameEncoder;
import io.tenure.protocol.FrameGroup;
import io.tenure.protocol.HandshakeEvent;
import io.tenure.protocol.Limits;
import io.tenure.protocol.ProtocolVersion;
import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.ClientRequest;
import io.tenure.protocol.proto.ConnectionRole;
import io.tenure.protocol.proto.Hello;
import io.tenure.protocol.proto.HelloReply;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.UnknownHostException;

/** One connection to a node. Event loop only. */
final class Link {
    /** Who wants to know. Not called after {@link #close()}. */
    interface Listener {
        void connected(int connection, HelloReply hello);

        void disconnected(int connection, String reason);

        void received(int connection, ClientReply reply);

        /** Nothing more is there to be read for now. */
        void readComplete();
    }

    private static final FrameEncoder ENCODER = new FrameEncoder();
    private static final Hello HELLO = Hello.newBuilder()
            .setProtocolVersion(ProtocolVersion.CURRENT)
            .setRole(ConnectionRole.CLIENT)
            .build();
    private static final int REPLY_BYTES_MAX = Limits.clientFrameBytesMax(Limits.VALUE_BYTES_MAX_HIGHEST);

    private final int connection;
    private final Listener listener;
    private Channel channel;
    /** Null before there is a connection. */
    private FrameGroup requests;

    private boolean closed;
    private String reason = "the node closed the connection";

    Link(int connection, Listener listener) {
        this.connection = connection;
        this.listener = listener;
    }

    void open(Bootstrap bootstrap, SocketAddress address) {
        if (closed) {
            return;
        }
        ChannelFuture opening = bootstrap
                .clone()
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel opened) {
                        FrameDecoder decoder = ConnectHandshake.newDecoder();
                        opened.pipeline()
                                .addLast(decoder)
                                .addLast(ENCODER)
                                .addLast(new ConnectHandshake(
                                        decoder, HELLO, ClientReply.parser(), REPLY_BYTES_MAX, reply -> null))
                                .addLast(new Events());
                    }
                })
                .connect(address);
        channel = opening.channel();
        opening.addListener((ChannelFutureListener) future -> {
            if (!future.isSuccess()) {
                failed(explain(future.cause()));
            }
        });
    }

    /** There will be no connection. */
    void failed(String why) {
        if (!closed) {
            close();
            listener.disconnected(connection, why);
        }
    }

    void send(ClientRequest request) {
        requests.add(request);
    }

    void flush() {
        if (requests != null) {
            requests.flush();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Nothing is left to do if it can't be closed.
    void close() {
        closed = true;
        if (channel != null) {
            channel.close();
        }
    }

    private static String explain(Throwable cause) {
        if (cause instanceof ConnectException
                && String.valueOf(cause.getMessage()).contains("refused")) {
            return "connection refused";
        }
        if (cause instanceof UnknownHostException) {
            return "unknown host";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private final class Events extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof HandshakeEvent.Refused refused) {
                reason = refused.reason();
            } else if (event instanceof HandshakeEvent.Welcomed welcomed && !closed) {
                requests = new FrameGroup(ctx.channel());
                listener.connected(connection, welcomed.reply());
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (!closed) {
                listener.received(connection, (ClientReply) message);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            listener.readComplete();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            if (requests != null) {
                requests.close();
            }
            failed(reason);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failed(explain(cause));
        }
    }
}
