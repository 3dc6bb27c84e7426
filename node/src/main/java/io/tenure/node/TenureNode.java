package io.tenure.node;

import io.tenure.handoff.Clock;
import io.tenure.handoff.Doorbell;
import io.tenure.handoff.Inbox;
import io.tenure.handoff.PeerSender;
import io.tenure.journal.DamagedException;
import io.tenure.journal.FileDisk;
import io.tenure.journal.JournalFailure;
import io.tenure.net.ClientServer;
import io.tenure.net.ClientServerLimits;
import io.tenure.net.Membership;
import io.tenure.net.NettyStageRunner;
import io.tenure.net.Network;
import io.tenure.net.NodeIdentity;
import io.tenure.net.PeerLinkLimits;
import io.tenure.net.PeerLinks;
import io.tenure.net.PeerServer;
import io.tenure.protocol.HostPort;
import io.tenure.raft.Input;
import java.net.BindException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node: the stages of a {@link NodeAssembly} with real threads, disk, clock and network. {@code threading: shared}
 * puts network, core and applier on one event loop; {@code dedicated} gives each its thread; the disk always has its own,
 * and so has {@code dump.txt} (DESIGN.md, D9).
 */
public final class TenureNode implements NodeProcess {
    private static final Logger LOGGER = LoggerFactory.getLogger(TenureNode.class);

    /** Messages that must find room for answers of the disk, however many links are lost. */
    private static final int COMPLETIONS_RESERVED = RaftRings.COMPLETIONS_MAX / 2;

    private final Settings settings;
    private final Clock clock = System::nanoTime;
    private final ExecutorService resolver = Executors.newCachedThreadPool(task -> daemon(task, "tenure-resolver"));
    private final Network network;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final List<StageThread> threads = new ArrayList<>();
    private final List<NettyStageRunner> runners = new ArrayList<>();

    private NodeAssembly assembly;
    private PeerLinks links;
    private PeerServer peerServer;
    private ClientServer clientServer;

    private TenureNode(Settings settings) {
        this.settings = settings;
        this.network = Network.open(task -> new Thread(task, "tenure-network"), clock, resolver);
    }

    /**
     * Starts a node: recovers its folder, then listens, then takes part.
     *
     * @throws SettingsException if a port is taken; the message names it
     * @throws io.tenure.journal.JournalException if the folder can't be used; the message says what to do
     */
    public static TenureNode start(Settings settings) {
        TenureNode node = new TenureNode(settings);
        try {
            node.open();
            return node;
        } catch (RuntimeException | Error e) {
            node.close();
            throw e;
        }
    }

    private void open() {
        Seams seams = new Seams(
                new FileDisk(),
                clock,
                new SplittableRandom(),
                SettingsTiming.LEASE_MILLIS_MAX,
                (self, known, peers, completions) -> connect(
                        new Membership(self, NodeAssembly.addresses(settings, Settings.Member::peer), known),
                        peers,
                        completions),
                Runnable::run);
        assembly = assemble(seams);
        NodeIdentity self = assembly.identity();
        clientServer = new ClientServer(network, self, assembly.gateway(), clientLimits(settings.limits()));
        bind(settings.peerBind(), peerServer::open);
        bind(settings.clientBind(), clientServer::open);
        startStages();
        links.open();
        LOGGER.info(
                "node {} of cluster {} runs: clients {}, peers {}, boot {}, {} threading, transport {}",
                settings.nodeId(),
                settings.clusterId(),
                clientServer.address(),
                peerServer.address(),
                self.bootCount(),
                settings.threading(),
                network.transport().name());
        if (self.rejoining()) {
            LOGGER.warn(
                    "node {} has forgotten what it voted for and promised: it rejoins, and gives no vote until every other"
                            + " member has answered it and it has caught up with the leader",
                    settings.nodeId());
        }
    }

    /** Recovers the folder; repairs it first if that is needed, however long the peers take. */
    private NodeAssembly assemble(Seams seams) {
        try {
            return new NodeAssembly(settings, seams);
        } catch (DamagedException e) {
            LOGGER.warn("{}", e.getMessage());
            repair(seams);
            return new NodeAssembly(settings, seams);
        }
    }

    private void repair(Seams seams) {
        CountDownLatch repaired = new CountDownLatch(1);
        AtomicReference<Throwable> broken = new AtomicReference<>();
        NodeAssembly.Part part = new RepairAssembly(settings, seams, repaired::countDown).repairStage();
        StageThread thread = new StageThread(part.stage(), clock, cause -> {
            broken.set(cause);
            repaired.countDown();
        });
        connect(part, thread);
        try {
            bind(settings.peerBind(), peerServer::open);
            links.open();
            thread.start();
            repaired.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while repairing", e);
        } finally {
            thread.close();
            peerServer.close();
            links.close().join();
        }
        if (broken.get() instanceof JournalFailure failed) {
            throw failed;
        }
        if (broken.get() != null) {
            throw new IllegalStateException("the repair failed", broken.get());
        }
    }

    private static ClientServerLimits clientLimits(SettingsLimits limits) {
        ClientServerLimits defaults = ClientServerLimits.defaults(limits.valueBytesMax());
        return new ClientServerLimits(
                limits.connectionsMax(),
                limits.keyBytesMax(),
                limits.valueBytesMax(),
                defaults.unreadBytesMax(),
                defaults.handshakeMillisMax());
    }

    private static PeerLinkLimits linkLimits(SettingsLimits limits) {
        PeerLinkLimits defaults = PeerLinkLimits.defaults();
        return new PeerLinkLimits(
                limits.peerQueueBytesMax(),
                defaults.reconnectMillisMin(),
                defaults.reconnectMillisMax(),
                defaults.connectMillisMax());
    }

    /** Opens a port. */
    private interface Port {
        void open(HostPort address) throws BindException;
    }

    private void bind(HostPort address, Port port) {
        try {
            port.open(address);
        } catch (BindException e) {
            throw settings.notBound(address, e.getMessage());
        }
    }

    private PeerSender connect(Membership membership, Inbox<Input.Receive> peers, Inbox<Input> completions) {
        links = new PeerLinks(
                network,
                membership,
                linkLimits(settings.limits()),
                new SplittableRandom(),
                peer -> onLinkLost(peer, completions));
        peerServer = new PeerServer(network, membership, peers, links::reconnectNow);
        return links;
    }

    /** A hint that may be lost: heartbeats find out as well, a little later. */
    private static void onLinkLost(int peer, Inbox<Input> completions) {
        if (completions.hasRoomFor(COMPLETIONS_RESERVED) && !completions.offer(new Input.LinkLost(peer))) {
            LOGGER.debug("no room to tell that the link to node {} is lost", peer);
        }
    }

    private void startStages() {
        onThread(assembly.dumpStage());
        onThread(assembly.logStage());
        onThread(assembly.snapshotStage());
        boolean shared = settings.threading() == Settings.Threading.SHARED;
        for (NodeAssembly.Part each : List.of(assembly.applierStage(), assembly.raftStage())) {
            if (shared) {
                onLoop(each);
            } else {
                onThread(each);
            }
        }
        onLoop(assembly.gatewayStage());
    }

    private void onThread(NodeAssembly.Part each) {
        StageThread thread = new StageThread(each.stage(), clock, this::fail);
        threads.add(thread);
        connect(each, thread);
        thread.start();
    }

    private void onLoop(NodeAssembly.Part each) {
        NettyStageRunner runner = network.newRunner(this::fail);
        runners.add(runner);
        connect(each, runner);
        runner.start(each.stage());
    }

    private static void connect(NodeAssembly.Part each, Doorbell runner) {
        each.bell().connect(runner);
    }

    /** Where clients connect. */
    public int clientPort() {
        return clientServer.address().getPort();
    }

    /**
     * Waits until the node is closed, or can't go on.
     *
     * @return why it can't go on, or null if it was closed
     */
    @Override
    public Throwable awaitStop() throws InterruptedException {
        stopped.await();
        return failure.get();
    }

    /** A broken invariant or disk: the node stops. What the failed stage had not finished is never acknowledged (D5). */
    private void fail(Throwable cause) {
        if (failure.compareAndSet(null, cause)) {
            stopped.countDown();
        }
    }

    /** Stops taking requests, finishes the writes under way, and closes the journal. */
    @Override
    public void close() {
        if (clientServer != null) {
            clientServer.close();
        }
        if (peerServer != null) {
            peerServer.close();
        }
        if (links != null) {
            links.close().join();
        }
        runners.forEach(runner -> runner.stop().join());
        for (int last = threads.size() - 1; last >= 0; last--) {
            threads.get(last).close();
        }
        network.close();
        resolver.shutdown();
        stopped.countDown();
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
