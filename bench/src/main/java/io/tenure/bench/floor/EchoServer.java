package io.tenure.bench.floor;

import com.google.protobuf.ByteString;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.tenure.protocol.AcceptHandshake;
import io.tenure.protocol.FrameDecoder;
import io.tenure.protocol.FrameEncoder;
import io.tenure.protocol.FrameGroup;
import io.tenure.protocol.HandshakeEvent;
import io.tenure.protocol.Limits;
import io.tenure.protocol.ProtocolVersion;
import io.tenure.protocol.SetFrame;
import io.tenure.protocol.Transport;
import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.ClientRequest;
import io.tenure.protocol.proto.Hello;
import io.tenure.protocol.proto.HelloReply;
import io.tenure.protocol.proto.Outcome;
import io.tenure.protocol.proto.SessionOpened;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Speaks the client protocol and answers at once: a write is acknowledged and forgotten, a read finds the value that was
 * written last, under whatever key. It shows what frames, sockets and SDK alone allow. One event loop; loopback only.
 */
public final class EchoServer implements AutoCloseable {
    private static final int SESSION_WINDOW = 4096;
    private static final long TERM = 1;
    private static final int NODE_ID = 0;

    private final EventLoopGroup loops;
    private final Channel listening;
    private final FrameEncoder encoder = new FrameEncoder();
    private final AtomicLong sessions = new AtomicLong();
    /** Event loop only: there is one. */
    private ByteString value = ByteString.EMPTY;

    private long index;

    private EchoServer(int port) {
        Transport transport = Transport.best();
        loops = transport.newGroup(1, new DefaultThreadFactory("echo", true));
        listening = new ServerBootstrap()
                .group(loops)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(channel);
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), port)
                .syncUninterruptibly()
                .channel();
    }

    /**
     * Listens on a port of the loopback address.
     *
     * @param port 0 for any that is free
     */
    public static EchoServer open(int port) {
        return new EchoServer(port);
    }

    /** Where it listens. */
    public int port() {
        return ((java.net.InetSocketAddress) listening.localAddress()).getPort();
    }

    /** Waits until it is closed. */
    public void await() throws InterruptedException {
        listening.closeFuture().await();
    }

    @Override
    public void close() {
        listening.close().syncUninterruptibly();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private void accept(Channel channel) {
        FrameDecoder decoder = AcceptHandshake.newDecoder();
        channel.pipeline()
                .addLast(
                        decoder,
                        encoder,
                        new AcceptHandshake(
                                decoder,
                                EchoServer::welcome,
                                ClientRequest.parser(),
                                Limits.clientFrameBytesMax(Limits.VALUE_BYTES_MAX_DEFAULT),
                                Limits.HANDSHAKE_MILLIS_MAX),
                        new Answering());
    }

    private static HelloReply welcome(Hello hello) {
        return HelloReply.newBuilder()
                .setAccepted(true)
                .setProtocolVersion(ProtocolVersion.CURRENT)
                .setClusterId("echo")
                .setNodeId(NODE_ID)
                .setKeyBytesMax(Limits.KEY_BYTES_MAX)
                .setValueBytesMax(Limits.VALUE_BYTES_MAX_DEFAULT)
                .build();
    }

    private ClientReply answer(ClientRequest request) {
        ClientReply.Builder reply = ClientReply.newBuilder()
                .setId(request.getId())
                .setOutcome(Outcome.DONE)
                .setNodeId(NODE_ID)
                .setTerm(TERM)
                .setLeaderId(NODE_ID);
        switch (request.getOperationCase()) {
            case SET -> {
                value = request.getSet().getValue();
                reply.setIndex(++index);
            }
            case GET -> reply.setIndex(index).setFound(!value.isEmpty()).setValue(value);
            case OPEN_SESSION ->
                reply.setSession(SessionOpened.newBuilder()
                        .setSession(sessions.incrementAndGet())
                        .setBirthIndex(index)
                        .setWindow(SESSION_WINDOW));
            default -> reply.setOutcome(Outcome.INVALID).setReason("an echo has no status");
        }
        return reply.build();
    }

    /** Reads and answers as a node does it: plain writes without messages, and one buffer for all that came in at once. */
    private final class Answering extends SimpleChannelInboundHandler<Object> {
        private FrameGroup answers;

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            answers = new FrameGroup(ctx.channel());
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof HandshakeEvent.Accepted) {
                ctx.pipeline().get(FrameDecoder.class).readWrites();
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, Object request) {
            if (request instanceof SetFrame set) {
                value = ByteString.copyFrom(set.bytes(), set.keyLength(), set.valueLength());
                answers.addWritten(set.id(), NODE_ID, TERM, NODE_ID, ++index);
            } else {
                answers.add(answer((ClientRequest) request));
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            answers.flush();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            answers.close();
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored")
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
