package io.tenure.node;

import io.tenure.handoff.Clock;
import io.tenure.handoff.Doorbell;
import io.tenure.handoff.Inbox;
import io.tenure.handoff.PeerSender;
import io.tenure.handoff.Stage;
import io.tenure.journal.FileDisk;
import io.tenure.net.ClientServer;
import io.tenure.net.ClientServerLimits;
import io.tenure.net.LinkListener;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a node in its process: the stages of a {@link NodeAssembly}, or of a {@link RepairAssembly}, with real threads,
 * disk, clock and network. {@code threading: shared} puts network, core and applier on one event loop; {@code dedicated} gives
 * each its thread; the disk always has its own, and so have {@code dump.txt}, snapshots and the scrub (DESIGN.md, D9). Opened
 * and closed by one thread.
 */
final class NodeRun implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(TenureNode.class);

    /** What a stop gives a successor to take over. */
    private static final long HANDOVER_MILLIS_MAX = 1_000;

    /** What a stop waits for it, and for the successor to make itself known. */
    private static final long RESIGN_MILLIS_MAX = 3_000;

    private final Settings settings;
    private final Clock clock;
    private final Network network;
    private final Consumer<Throwable> onFailure;
    private final AtomicBoolean failed = new AtomicBoolean();
    private final List<StageThread> threads = new ArrayList<>();
    private final List<NettyStageRunner> runners = new ArrayList<>();

    /** Stages that hold files and have no thread yet that would close them. */
    private final List<Stage> unstarted = new ArrayList<>();

    private NodeAssembly assembly;
    private PeerLinks links;
    private PeerServer peerServer;
    /** Looked at by any thread; the others by the one that opens and closes. */
    private volatile ClientServer clientServer;

    /**
     * Prepares a run.
     *
     * @param onFailure takes what ends the run before its time, once; on any thread
     */
    NodeRun(Settings settings, Clock clock, Network network, Consumer<Throwable> onFailure) {
        this.settings = settings;
        this.clock = clock;
        this.network = network;
        this.onFailure = onFailure;
    }

    /**
     * Recovers the folder, then listens, then takes part.
     *
     * @throws SettingsException if a port is taken; the message names it
     * @throws io.tenure.journal.DamagedException if the folder must be repaired first
     * @throws io.tenure.journal.JournalException if the folder can't be used; the message says what to do
     */
    void open() {
        assembly = new NodeAssembly(settings, seams());
        unstarted.addAll(List.of(
                assembly.snapshotStage().stage(),
                assembly.scrubStage().stage(),
                assembly.dumpStage().stage(),
                assembly.logStage().stage()));
        NodeIdentity self = assembly.identity();
        ClientServer clients = new ClientServer(network, self, assembly.gateway(), clientLimits(settings.limits()));
        bind(settings.peerBind(), peerServer::open);
        bind(settings.clientBind(), clients::open);
        clientServer = clients;
        startStages();
        links.open();
        LOGGER.info(
                "node {} of cluster {} runs: clients {}, peers {}, boot {}, {} threading, transport {}",
                settings.nodeId(),
                settings.clusterId(),
                clients.address(),
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

    /**
     * Repairs the folder with the help of the peers, and takes no part.
     *
     * @param done runs once there is nothing left to repair
     * @throws io.tenure.journal.JournalException if the folder can't be used, or peers can't help
     */
    void openForRepair(Runnable done) {
        NodeAssembly.Part repair = new RepairAssembly(settings, seams(), done).repairStage();
        unstarted.add(repair.stage());
        StageThread thread = newThread(repair);
        bind(settings.peerBind(), peerServer::open);
        links.open();
        unstarted.clear();
        thread.start();
    }

    /** Where clients connect; while nobody listens, where they will. */
    int clientPort() {
        ClientServer server = clientServer;
        return server == null ? settings.clientBind().port() : server.address().getPort();
    }

    /** Whether all files were read since the run began, and found good. */
    boolean isScrubbed() {
        return assembly != null && assembly.scrubPasses() > 0;
    }

    /** Leads no more, stops taking requests, finishes the writes under way, and closes the journal. */
    @Override
    public void close() {
        resign();
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
        // A run that got no further than to its files: whoever comes next needs the folder.
        unstarted.forEach(Stage::onClose);
        unstarted.clear();
    }

    /** Who leads hands over first, so that clients go on elsewhere at once; if that takes too long they find out later. */
    private void resign() {
        if (clientServer == null || failed.get()) {
            return;
        }
        try {
            assembly.resign(TimeUnit.MILLISECONDS.toNanos(HANDOVER_MILLIS_MAX))
                    .get(RESIGN_MILLIS_MAX, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOGGER.warn("leadership was not handed over within {} ms; stopping all the same", RESIGN_MILLIS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Seams seams() {
        return new Seams(
                new FileDisk(),
                clock,
                new SplittableRandom(),
                SettingsTiming.LEASE_MILLIS_MAX,
                (self, known, peers, completions) -> connect(
                        new Membership(self, NodeAssembly.addresses(settings, Settings.Member::peer), known),
                        peers,
                        completions),
                Runnable::run);
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
                network, membership, linkLimits(settings.limits()), new SplittableRandom(), new LinkHints(completions));
        peerServer = new PeerServer(network, membership, peers, links::reconnectNow);
        return links;
    }

    /** What the core is told of links: hints that may be lost, as messages find out as well, a little later. */
    private record LinkHints(Inbox<Input> completions) implements LinkListener {
        @Override
        public void up(int peer) {
            tell(new Input.LinkUp(peer));
        }

        @Override
        public void gone(int peer) {
            tell(new Input.PeerGone(peer));
        }

        @Override
        public void lost(int peer) {
            tell(new Input.LinkLost(peer));
        }

        private void tell(Input hint) {
            if (completions.hasRoomFor(RaftRings.COMPLETIONS_RESERVED) && !completions.offer(hint)) {
                LOGGER.debug("no room to tell of {}", hint);
            }
        }
    }

    private void startStages() {
        unstarted.clear();
        newThread(assembly.dumpStage()).start();
        newThread(assembly.logStage()).start();
        newThread(assembly.snapshotStage()).start();
        newThread(assembly.scrubStage()).start();
        boolean shared = settings.threading() == Settings.Threading.SHARED;
        for (NodeAssembly.Part each : List.of(assembly.applierStage(), assembly.raftStage())) {
            if (shared) {
                startOnLoop(each);
            } else {
                newThread(each).start();
            }
        }
        startOnLoop(assembly.gatewayStage());
    }

    private StageThread newThread(NodeAssembly.Part each) {
        StageThread thread = new StageThread(each.stage(), clock, this::fail);
        threads.add(thread);
        connect(each, thread);
        return thread;
    }

    private void startOnLoop(NodeAssembly.Part each) {
        NettyStageRunner runner = network.newRunner(this::fail);
        runners.add(runner);
        connect(each, runner);
        runner.start(each.stage());
    }

    private static void connect(NodeAssembly.Part each, Doorbell runner) {
        each.bell().connect(runner);
    }

    private void fail(Throwable cause) {
        if (failed.compareAndSet(false, true)) {
            onFailure.accept(cause);
        }
    }
}
