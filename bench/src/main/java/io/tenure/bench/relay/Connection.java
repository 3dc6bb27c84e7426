package io.tenure.bench.relay;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** A connection through a relay: that of the caller, that to the target, and a pipe each way. Event loop only. */
final class Connection {
    private final Link there;
    private final Channel caller;
    private final Pipe onward;
    private final Pipe back;
    private final Channel target;

    /**
     * Connects a caller.
     *
     * @param there from the caller's place to the target's
     * @param back the other way
     * @param bootstrap makes connections on the caller's event loop
     */
    static void open(Channel caller, Link there, Link back, Bootstrap bootstrap, String host, int port) {
        if (there.isClosed()) {
            close(caller);
        } else {
            new Connection(caller, there, back, bootstrap, host, port).start();
        }
    }

    private Connection(Channel caller, Link there, Link backLink, Bootstrap bootstrap, String host, int port) {
        this.there = there;
        this.caller = caller;
        // Nothing is read before the handler stands in the pipeline.
        this.onward = new Pipe(there, caller);
        var connecting =
                bootstrap.clone().handler(new ChannelInboundHandlerAdapter()).connect(host, port);
        this.target = connecting.channel();
        this.back = new Pipe(backLink, target);
        there.add(this);
        connecting.addListener((ChannelFutureListener) connected -> {
            if (connected.isSuccess()) {
                onward.flowsInto(target);
            } else {
                close();
            }
        });
    }

    private void start() {
        caller.pipeline().addLast(new End(onward, back));
        target.pipeline().addLast(new End(back, onward));
        back.flowsInto(caller);
        caller.closeFuture().addListener(closed -> there.remove(this));
    }

    /** Closes both ends at once; what travels is lost. */
    void close() {
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

        End(Pipe from, Pipe into) {
            this.from = from;
            this.into = into;
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
            from.end();
            into.discard();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            // A reset of one end: the other end is told of it as of any end, after what was sent before.
            close(ctx.channel());
        }
    }
}
