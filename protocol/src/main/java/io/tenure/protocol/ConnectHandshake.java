package io.tenure.protocol;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import io.tenure.protocol.proto.Hello;
import io.tenure.protocol.proto.HelloReply;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The connecting side's handshake: says who it is, waits for the answer, then tells the handlers behind it by a
 * {@link HandshakeEvent} and leaves the pipeline; the {@link FrameDecoder} before it goes over to what follows.
 */
public final class ConnectHandshake extends ChannelInboundHandlerAdapter {
    private final FrameDecoder decoder;
    private final Hello hello;
    private final Parser<? extends MessageLite> nextParser;
    private final int nextBytesMax;
    private final Function<HelloReply, String> objection;
    private Future<?> timeout;
    private boolean done;

    /**
     * Makes the handshake of one connection.
     *
     * @param decoder made with {@link #newDecoder}
     * @param nextParser what the other side sends once it has accepted
     * @param nextBytesMax largest message of those
     * @param objection what is wrong with an accepting answer, or null if nothing is
     */
    public ConnectHandshake(
            FrameDecoder decoder,
            Hello hello,
            Parser<? extends MessageLite> nextParser,
            int nextBytesMax,
            Function<HelloReply, String> objection) {
        this.decoder = decoder;
        this.hello = hello;
        this.nextParser = nextParser;
        this.nextBytesMax = nextBytesMax;
        this.objection = objection;
    }

    /** The decoder of a connection that begins with this handshake. */
    public static FrameDecoder newDecoder() {
        return new FrameDecoder(HelloReply.parser(), Limits.HANDSHAKE_FRAME_BYTES_MAX);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        timeout = ctx.executor()
                .schedule(
                        () -> refuse(ctx, "no answer to the handshake in " + Limits.HANDSHAKE_MILLIS_MAX + " ms"),
                        Limits.HANDSHAKE_MILLIS_MAX,
                        TimeUnit.MILLISECONDS);
        ctx.writeAndFlush(hello).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (done) {
            return;
        }
        HelloReply reply = (HelloReply) message;
        String wrong = wrongWith(reply);
        if (wrong != null) {
            refuse(ctx, wrong);
            return;
        }
        done = true;
        timeout.cancel(false);
        decoder.expect(nextParser, nextBytesMax);
        ctx.fireUserEventTriggered(new HandshakeEvent.Welcomed(reply));
        ctx.pipeline().remove(this);
    }

    private String wrongWith(HelloReply reply) {
        if (!reply.getAccepted()) {
            return "refused by the other side: " + reply.getReason();
        }
        if (reply.getProtocolVersion() != hello.getProtocolVersion()) {
            return "the other side speaks protocol version " + Integer.toUnsignedString(reply.getProtocolVersion())
                    + ", this one " + hello.getProtocolVersion();
        }
        return objection.apply(reply);
    }

    private void refuse(ChannelHandlerContext ctx, String reason) {
        if (!done) {
            done = true;
            timeout.cancel(false);
            // It may quote what the other side said.
            ctx.fireUserEventTriggered(new HandshakeEvent.Refused(OneLine.of(reason, Limits.REASON_CHARS_MAX)));
            ctx.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (timeout != null) {
            timeout.cancel(false);
        }
        ctx.fireChannelInactive();
    }
}
