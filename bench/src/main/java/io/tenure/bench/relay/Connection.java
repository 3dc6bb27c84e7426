package io.tenure.bench.relay;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * A connection through a relay: that of the caller, that to the target, and a pipe each way. It takes a round trip until
 * the first bytes leave, as making a connection does. Event loop only.
 */
final class Connection {
    private final Link there;
    private final Link backLink;
    private final TargetWatch watch;
    private final Channel caller;
    private final Pipe onward;
    private final Pipe back;
    private final Channel target;
    private boolean callerEnded;

    /**
     * Connects a caller.
     *
     * @param there from the caller's place to the target's
     * @param back the other way
     * @param bootstrap makes connections on the caller's event loop
     * @param watch is told when nobody listens at the target
     */
    static void open(
            Channel caller, Link there, Link back, Bootstrap bootstrap, SocketAddress target, TargetWatch watch) {
        if (there.isClosed()) {
            close(caller);
        } else {
            new Connection(caller, there, back, bootstrap, target, watch).start();
        }
    }

    private Connection(
            Channel caller, Link there, Link backLink, Bootstrap bootstrap, SocketAddress address, TargetWatch watch) {
        this.there = there;
        this.backLink = backLink;
        this.watch = watch;
        this.caller = caller;
        // Nothing is read before the handler stands in the pipeline.
        this.onward = new Pipe(there, caller, System.nanoTime() + roundTripNanos());
        var connecting =
                bootstrap.clone().handler(new ChannelInboundHandlerAdapter()).connect(address);
        this.target = connecting.channel();
        this.back = new Pipe(backLink, target, System.nanoTime());
        there.add(this);
        connecting.addListener((ChannelFutureListener) connected -> {
            if (connected.isSuccess()) {
                onward.flowsInto(target);
            } else {
                watch.targetIsGone();
                close();
            }
        });
    }

    private long roundTripNanos() {
        return there.delayNanos() + backLink.delayNanos();
    }

    private void start() {
        caller.pipeline().addLast(new End(onward, back, this::callerEnded));
        target.pipeline().addLast(new End(back, onward, this::targetEnded));
        back.flowsInto(caller);
        caller.closeFuture().addListener(closed -> there.remove(this));
        there.lifeNanos().ifPresent(nanos -> {
            Future<?> end = caller.eventLoop().schedule(() -> close(), nanos, TimeUnit.NANOSECONDS);
            caller.closeFuture().addListener(closed -> end.cancel(false));
        });
    }

    private void callerEnded() {
        callerEnded = true;
        onward.end(0);
    }

    /**
     * Who hears of the end and connects again is refused if nobody listens there any more. That takes a round trip in a
     * network and no time at a relay's closed port, so the end itself takes so much longer.
     */
    private void targetEnded() {
        if (callerEnded) {
            return; // Nobody is to be told.
        }
        watch.whetherThere(isThere -> back.end(isThere ? 0 : roundTripNanos()));
    }

    /** Closes both ends at once; what travels is lost. */
    void close() {
        callerEnded = true;
        onward.discard();
        back.discard();
        there.remove(this);
        close(caller);
        close(target);
    }

    private static void close(Channel channel) {
        channel.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }

    /** One end: source of one pipe, sink of the other. */
    private static final class End extends ChannelInboundHandlerAdapter {
        private final Pipe from;
        private final Pipe into;
        private final Runnable ended;

        End(Pipe from, Pipe into, Runnable ended) {
            this.from = from;
            this.into = into;
            this.ended = ended;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            from.take((ByteBuf) message);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            into.conditionsChanged();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            into.discard();
            ended.run();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // A reset of one end: the other end is told of it as of any end, after what was sent before.
            close(ctx.channel());
        }
    }
}
