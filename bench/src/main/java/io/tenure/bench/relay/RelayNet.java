package io.tenure.bench.relay;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.tenure.net.FreePorts;
import io.tenure.protocol.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * A network between places, named as one likes (nodes, sites). For each service that callers of one place reach at another
 * there is a relay, a port on the loopback address; all relays between two places share the conditions of the two
 * directions. While nobody listens at the target, callers of the relay are refused, too. Thread-safe; a change has taken
 * effect when the call returns.
 */
public final class RelayNet implements AutoCloseable {
    private static final int CONNECT_MILLIS_MAX = 2_000;

    private final Transport transport = Transport.best();
    private final EventLoop loop =
            transport.newGroup(1, new DefaultThreadFactory("relay", true)).next();
    private final RandomGenerator random;
    /** Event loop only. */
    private final Map<Route, Link> links = new HashMap<>();
    /** By port. Event loop only. */
    private final Map<Integer, Gate> gates = new HashMap<>();

    private record Route(String from, String to) {}

    /** A network in which everything arrives at once; {@code seed} is that of all that is random. */
    public RelayNet(long seed) {
        random = new SplittableRandom(seed);
    }

    /**
     * Opens a relay. The target need not be there yet.
     *
     * @param targetPort where the service listens on the loopback address
     * @return the port at which callers of the place {@code from} reach the service at {@code to}
     * @throws IOException if there is no free port
     */
    public int open(String from, String to, int targetPort) throws IOException {
        Bootstrap dialler = dialler();
        ServerBootstrap server = new ServerBootstrap()
                .group(loop)
                .channel(transport.serverChannel())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.AUTO_READ, false);
        InetAddress loopback = InetAddress.getLoopbackAddress();
        InetSocketAddress target = new InetSocketAddress(loopback, targetPort);
        // Not one that systems hand out to connections: it must still be free when the target comes back.
        InetSocketAddress address =
                new InetSocketAddress(loopback, FreePorts.find(1).get(0));
        CompletableFuture<Void> opened = new CompletableFuture<>();
        loop.execute(() -> {
            Gate gate = new Gate(server, dialler, address, target, link(from, to), link(to, from));
            gates.put(address.getPort(), gate);
            gate.open().addListener(bound -> {
                if (bound.isSuccess()) {
                    opened.complete(null);
                } else {
                    opened.completeExceptionally(bound.cause());
                }
            });
        });
        try {
            opened.join();
        } catch (CompletionException e) {
            throw new IOException(
                    "port " + address.getPort() + ": " + e.getCause().getMessage(), e);
        }
        return address.getPort();
    }

    private Bootstrap dialler() {
        return new Bootstrap()
                .group(loop)
                .channel(transport.channel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS_MAX);
    }

    /**
     * A service that programs know by an address which need not exist.
     *
     * @param address host:port
     * @param targetPort where it listens on the loopback address
     */
    public record Service(String address, String place, int targetPort) {}

    /**
     * Opens a SOCKS 5 proxy at which callers of one place reach services, and nothing else, by their addresses.
     *
     * @return its port
     * @throws IOException if there is no free port
     */
    public int openSocks(String from, List<Service> services) throws IOException {
        Bootstrap dialler = dialler();
        Map<String, Service> byAddress = new HashMap<>();
        services.forEach(service -> byAddress.put(service.address(), service));
        ServerBootstrap server = new ServerBootstrap()
                .group(loop)
                .channel(transport.serverChannel())
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel caller) {
                        caller.pipeline().addLast(new SocksDoor(address -> {
                            Service to = byAddress.get(address);
                            return to == null ? null : () -> connect(caller, from, to, dialler);
                        }));
                    }
                });
        ChannelFuture bound = server.bind(InetAddress.getLoopbackAddress(), 0).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(bound.cause());
        }
        return ((InetSocketAddress) bound.channel().localAddress()).getPort();
    }

    private void connect(Channel caller, String from, Service to, Bootstrap dialler) {
        Connection.open(
                caller,
                link(from, to.place()),
                link(to.place(), from),
                dialler,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), to.targetPort()),
                TargetWatch.NONE);
    }

    /** Closes a relay to callers that are still to come. */
    public void shut(int port) {
        loop.submit(() -> gates.remove(port).shut()).syncUninterruptibly();
    }

    /** Sets what happens to bytes from one place to another, those on their way included. */
    public void set(String from, String to, LinkConditions conditions) {
        loop.submit(() -> link(from, to).set(conditions)).syncUninterruptibly();
    }

    /** Has everything arrive at once again, everywhere. */
    public void heal() {
        loop.submit(() -> links.values().forEach(link -> link.set(LinkConditions.FREE)))
                .syncUninterruptibly();
    }

    private Link link(String from, String to) {
        return links.computeIfAbsent(new Route(from, to), route -> new Link(random));
    }

    /** Closes all relays and connections. */
    @Override
    public void close() {
        loop.parent().shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
