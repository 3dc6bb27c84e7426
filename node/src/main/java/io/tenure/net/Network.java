package io.tenure.net;

import io.netty.channel.EventLoop;
import io.tenure.handoff.Clock;
import io.tenure.protocol.Transport;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What all of a node's network stands on.
 *
 * @param loop the one event loop for servers, links and gateway
 * @param transport of {@code loop}
 * @param resolver looks up host names, which blocks: never the event loop
 */
public record Network(EventLoop loop, Transport transport, Clock clock, Executor resolver) {
    /** Starts the event loop, on a thread of {@code threads}, with the best transport that works here. */
    public static Network open(ThreadFactory threads, Clock clock, Executor resolver) {
        Transport transport = Transport.best();
        return new Network(transport.newGroup(1, threads).next(), transport, clock, resolver);
    }

    /** A runner that gives a stage its turns on the event loop; {@code fatal} gets what a turn throws. */
    public NettyStageRunner newRunner(Consumer<Throwable> fatal) {
        return new NettyStageRunner(loop, clock, fatal);
    }

    /** Ends the event loop, after what it has been given, and waits for that; not to be called on it. */
    public void close() {
        loop.parent().shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
