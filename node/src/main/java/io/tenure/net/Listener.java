package io.tenure.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.tenure.protocol.HostPort;
import java.net.BindException;
import java.net.InetSocketAddress;

/** A listening socket and the connections that came in by it. Not to be opened or closed on the event loop itself. */
final class Listener {
    private static final int BACKLOG = 1024;
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(256 << 10, 1 << 20);

    private final ChannelGroup accepted;
    private final Channel server;

    private Listener(ChannelGroup accepted, Channel server) {
        this.accepted = accepted;
        this.server = server;
    }

    /**
     * Listens.
     *
     * @param who for the message: who is expected to connect
     * @throws BindException whose message names host and port, and why not
     */
    static Listener open(Network network, HostPort bind, String who, ChannelInitializer<SocketChannel> pipeline)
            throws BindException {
        InetSocketAddress address = bind.resolve();
        if (address.isUnresolved()) {
            throw new BindException("can't listen on " + bind + " for " + who + ": unknown host " + bind.host());
        }
        ChannelGroup accepted = new DefaultChannelGroup(network.loop(), true);
        ChannelFuture bound = new ServerBootstrap()
                .group(network.loop(), network.loop())
                .channel(network.transport().serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accepted.add(channel);
                        channel.pipeline().addLast(pipeline);
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            BindException failed = new BindException(
                    "can't listen on " + bind + " for " + who + ": " + SocketErrors.inWords(bound.cause()));
            failed.initCause(bound.cause());
            throw failed;
        }
        return new Listener(accepted, bound.channel());
    }

    /** Where it listens; tells the port chosen if 0 was asked for. */
    InetSocketAddress address() {
        return (InetSocketAddress) server.localAddress();
    }

    /** Stops listening and closes what came in; returns when that is done. */
    void close() {
        server.close().awaitUninterruptibly();
        accepted.close().awaitUninterruptibly();
    }
}
