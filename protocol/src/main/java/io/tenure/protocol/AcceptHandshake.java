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
 * The accepting side's handshake: waits for the other side to say who it is, has that judged, answers, then tells the
 * handlers behind it by a {@link HandshakeEvent} and leaves the pipeline or, after a refusal, closes the connection.
 */
public final class AcceptHandshake extends ChannelInboundHandlerAdapter {
    private final FrameDecoder decoder;
    private final Function<Hello, HelloReply> judge;
    private final Parser<? extends MessageLite> nextParser;
    private final int nextBytesMax;
    private final long millisMax;
    private Future<?> timeout;
    private boolean done;

    /**
     * Makes the handshake of one connection.
     *
     * @param decoder made with {@link #newDecoder}
     * @param judge gives the answer; its reason is made {@link OneLine} and cut to {@link Limits#REASON_CHARS_MAX}
     * @param nextParser what the other side sends once it is accepted
     * @param nextBytesMax largest message of those
     * @param millisMax time that the other side has
     */
    public AcceptHandshake(
            FrameDecoder decoder,
            Function<Hello, HelloReply> judge,
            Parser<? extends MessageLite> nextParser,
            int nextBytesMax,
            long millisMax) {
        this.decoder = decoder;
        this.judge = judge;
        this.nextParser = nextParser;
        this.nextBytesMax = nextBytesMax;
        this.millisMax = millisMax;
    }

    /** The decoder of a connection that begins with this handshake. */
    public static FrameDecoder newDecoder() {
        return new FrameDecoder(Hello.parser(), Limits.HANDSHAKE_FRAME_BYTES_MAX);
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        timeout = ctx.executor().schedule(() -> giveUp(ctx), millisMax, TimeUnit.MILLISECONDS);
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (done) {
            return;
        }
        Hello hello = (Hello) message;
        HelloReply reply = judge.apply(hello);
        done = true;
        timeout.cancel(false);
        if (!reply.getAccepted()) {
            // It may quote what the other side said.
            String reason = OneLine.of(reply.getReason(), Limits.REASON_CHARS_MAX);
            ctx.writeAndFlush(reply.toBuilder().setReason(reason).build()).addListener(ChannelFutureListener.CLOSE);
            ctx.fireUserEventTriggered(new HandshakeEvent.Refused(reason));
            return;
        }
        ctx.writeAndFlush(reply).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        decoder.expect(nextParser, nextBytesMax);
        ctx.fireUserEventTriggered(new HandshakeEvent.Accepted(hello));
        ctx.pipeline().remove(this);
    }

    private void giveUp(ChannelHandlerContext ctx) {
        if (!done) {
            done = true;
            ctx.fireUserEventTriggered(new HandshakeEvent.Refused("no handshake in " + millisMax + " ms"));
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
