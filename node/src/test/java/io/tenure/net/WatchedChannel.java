package io.tenure.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tenure.protocol.FrameException;
import io.tenure.protocol.HandshakeEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A connection in memory, on which nothing may go wrong that is not declared, and nothing be told that spoils a log. */
final class WatchedChannel implements AutoCloseable {
    private final EmbeddedChannel channel;
    private boolean refused;
    private boolean malformed;
    private Throwable failure;

    WatchedChannel(Consumer<Channel> pipeline) {
        channel = new EmbeddedChannel(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel opened) {
                pipeline.accept(opened);
                // Whoever comes last handles errors, his own among them.
                opened.pipeline().addBefore(opened.pipeline().lastContext().name(), "watch", new Watch());
            }
        });
    }

    /** What was wrong in itself, with the bytes or with who sent them, is written to a log that people read. */
    static void requireReadable(String text) {
        if (!text.codePoints().allMatch(c -> c >= ' ' && !Character.isISOControl(c) && c != 0x2028 && c != 0x2029)) {
            throw new AssertionError("unreadable in a log: " + text);
        }
    }

    /** The other side says this, in two pieces. */
    void say(byte[] bytes, int cut) {
        int first = Math.min(cut, bytes.length);
        channel.writeInbound(Unpooled.copiedBuffer(bytes, 0, first));
        if (channel.isOpen()) {
            channel.writeInbound(Unpooled.copiedBuffer(bytes, first, bytes.length - first));
        }
        settle();
    }

    /** Runs what has been put off. */
    void settle() {
        channel.runPendingTasks();
        channel.checkException();
        if (failure != null) {
            throw new AssertionError("an undeclared error", failure);
        }
        boolean mayClose = refused || malformed;
        if (!channel.isOpen() && !mayClose) {
            throw new AssertionError("closed without a reason");
        }
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** The node closed it for what the frame says, not for its form. */
    void closesForItsMeaning() {
        malformed = true;
    }

    boolean isRefused() {
        return refused;
    }

    boolean isMalformed() {
        return malformed;
    }

    /** The frames sent since the last call, each with its header. */
    List<byte[]> sent() {
        List<byte[]> frames = new ArrayList<>();
        for (ByteBuf frame = channel.readOutbound(); frame != null; frame = channel.readOutbound()) {
            byte[] bytes = new byte[frame.readableBytes()];
            frame.readBytes(bytes);
            frame.release();
            frames.add(bytes);
        }
        return frames;
    }

    @Override
    public void close() {
        channel.finishAndReleaseAll();
    }

    /** Errors of handlers are caught before they get here, so they are kept. */
    private void watchFor(Runnable check) {
        try {
            check.run();
        } catch (AssertionError e) {
            failure = e;
        }
    }

    private final class Watch extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof HandshakeEvent.Refused told) {
                refused = true;
                watchFor(() -> requireReadable(told.reason()));
            }
            ctx.fireUserEventTriggered(event);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof IOException) {
                return; // The connection's end, on which an answer comes too late.
            }
            malformed = true;
            if (cause instanceof FrameException) {
                watchFor(() -> requireReadable(cause.getMessage()));
            } else {
                failure = cause;
            }
            ctx.fireExceptionCaught(cause);
        }
    }
}
