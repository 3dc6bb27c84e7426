package io.tenure.bench.relay;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The port of a relay, at which callers are refused while nobody listens at the target, as they would be there: a process
 * that is gone looks like one. A target that was never there is found out by the first caller. Event loop only.
 */
final class Gate implements TargetWatch {
    private static final int PROBE_MILLIS = 10;
    /** A process that ends may close a connection before the port at which it listens. */
    private static final int END_MILLIS = 2;

    private final ServerBootstrap server;
    private final Bootstrap dialler;
    private final SocketAddress address;
    private final SocketAddress target;
    private final Link there;
    private final EventLoop loop;
    private Channel listening;
    private boolean shut;

    /**
     * Listens nowhere yet.
     *
     * @param dialler makes connections to the target, on one event loop
     * @param there the way to the target
     */
    Gate(
            ServerBootstrap server,
            Bootstrap dialler,
            SocketAddress address,
            SocketAddress target,
            Link there,
            Link back) {
        this.dialler = dialler;
        this.address = address;
        this.target = target;
        this.there = there;
        loop = (EventLoop) dialler.config().group();
        this.server = server.clone().childHandler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel caller) {
                Connection.open(caller, there, back, dialler, target, Gate.this);
            }
        });
    }

    /** Lets callers in. */
    ChannelFuture open() {
        return server.bind(address).addListener((ChannelFutureListener) bound -> {
            if (bound.isSuccess()) {
                listening = bound.channel();
            }
        });
    }

    /** Lets nobody in any more. */
    void shut() {
        shut = true;
        if (listening != null) {
            listening.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
            listening = null;
        }
    }

    @Override
    public void whetherThere(Consumer<Boolean> answer) {
        var unused = loop.schedule(
                () -> probe(isThere -> {
                    if (!isThere) {
                        targetIsGone();
                    }
                    answer.accept(isThere);
                }),
                END_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    /** Who can't get there at all learns nothing of it. */
    @Override
    public void targetIsGone() {
        if (listening != null && !there.isHeld()) {
            Channel closing = listening;
            listening = null;
            closing.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
            awaitTarget();
        }
    }

    private void awaitTarget() {
        if (shut || loop.isShuttingDown()) {
            return;
        }
        var unused = loop.schedule(
                () -> probe(isThere -> {
                    if (isThere) {
                        // Should somebody have taken the port, it is tried again: it is below those that systems hand
                        // out.
                        open().addListener(bound -> {
                            if (!bound.isSuccess()) {
                                awaitTarget();
                            }
                        });
                    } else {
                        awaitTarget();
                    }
                }),
                PROBE_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private void probe(Consumer<Boolean> answer) {
        dialler.clone()
                .handler(new ChannelInboundHandlerAdapter())
                .connect(target)
                .addListener((ChannelFutureListener) connected -> {
                    boolean isThere = connected.isSuccess();
                    connected.channel().close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
                    answer.accept(isThere);
                });
    }
}
