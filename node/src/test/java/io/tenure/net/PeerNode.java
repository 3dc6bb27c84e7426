package io.tenure.net;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.tenure.handoff.Inbox;
import io.tenure.protocol.HostPort;
import io.tenure.protocol.Transport;
import io.tenure.raft.Input;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Server and links of one node, whose core is a list. */
final class PeerNode implements LinkListener, AutoCloseable {
    static final HostPort ANY_PORT = new HostPort("127.0.0.1", 0);

    final EventLoopGroup group;
    final EventLoop loop;
    final Network network;
    final PeerServer server;
    final PeerLinks links;
    final Inbox<Input.Receive> inbox;
    final BlockingQueue<Input.Receive> received = new LinkedBlockingQueue<>();
    final List<Integer> up = new CopyOnWriteArrayList<>();
    final List<Integer> gone = new CopyOnWriteArrayList<>();
    final List<Integer> lost = new CopyOnWriteArrayList<>();

    /** A node of cluster "test" with these peers, listening at {@code bind}. */
    PeerNode(NodeIdentity self, SortedMap<Integer, HostPort> peers, HostPort bind, PeerLinkLimits limits)
            throws BindException {
        this(self, peers, bind, limits, Transport.best());
    }

    PeerNode(
            NodeIdentity self,
            SortedMap<Integer, HostPort> peers,
            HostPort bind,
            PeerLinkLimits limits,
            Transport transport)
            throws BindException {
        group = transport.newGroup(1, new DefaultThreadFactory("node" + self.nodeId(), true));
        loop = group.next();
        network = new Network(loop, transport, System::nanoTime, Runnable::run);
        Membership membership = new Membership(self, peers, new KnownPeers(List.of(), changed -> {}));
        links = new PeerLinks(network, membership, limits, new Random(self.nodeId()), this);
        inbox = new Inbox<>(16, this::takeAll);
        server = new PeerServer(network, membership, inbox, links::reconnectNow);
        server.open(bind);
    }

    @Override
    public void up(int peer) {
        up.add(peer);
    }

    @Override
    public void gone(int peer) {
        gone.add(peer);
    }

    @Override
    public void lost(int peer) {
        lost.add(peer);
    }

    static NodeIdentity identity(int nodeId) {
        return new NodeIdentity("test", nodeId, 100 + nodeId, 5, 9, false);
    }

    static HostPort hostPort(InetSocketAddress address) {
        return new HostPort("127.0.0.1", address.getPort());
    }

    private void takeAll() {
        inbox.drain(received::add, Integer.MAX_VALUE);
    }

    Input.Receive next() throws InterruptedException {
        Input.Receive next = received.poll(20, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no message in time");
        }
        return next;
    }

    @Override
    public void close() {
        if (loop.isShuttingDown()) {
            return;
        }
        server.close();
        links.close().join();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
