package io.tenure.protocol;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;

/**
 * Which of Netty's transports is used: the kernel's epoll where its library loads, Java's own elsewhere.
 *
 * @param name for the log
 */
public record Transport(
        String name,
        Supplier<IoHandlerFactory> ioHandlers,
        Class<? extends SocketChannel> channel,
        Class<? extends ServerSocketChannel> serverChannel) {
    /** Java's own selectors; anywhere. */
    public static final Transport NIO =
            new Transport("nio", NioIoHandler::newFactory, NioSocketChannel.class, NioServerSocketChannel.class);

    /** The best that works here. */
    public static Transport best() {
        return Epoll.isAvailable()
                ? new Transport(
                        "epoll", EpollIoHandler::newFactory, EpollSocketChannel.class, EpollServerSocketChannel.class)
                : NIO;
    }

    /** Event loops of this transport, each with a thread of its own from {@code threads}. */
    public EventLoopGroup newGroup(int loops, ThreadFactory threads) {
        return new MultiThreadIoEventLoopGroup(loops, threads, ioHandlers.get());
    }
}
