package io.tenure.node;

import io.tenure.entry.KeyHash;
import io.tenure.entry.LineEncoder;
import io.tenure.handoff.ApplyBatch;
import io.tenure.handoff.Bell;
import io.tenure.handoff.ClientRing;
import io.tenure.handoff.DiskSpace;
import io.tenure.handoff.Inbox;
import io.tenure.handoff.KnownPeer;
import io.tenure.handoff.NodeStatus;
import io.tenure.handoff.ReceivedSnapshot;
import io.tenure.handoff.Reply;
import io.tenure.handoff.SnapshotTask;
import io.tenure.handoff.Stage;
import io.tenure.handoff.WrittenSnapshot;
import io.tenure.journal.DiskWatch;
import io.tenure.journal.Identity;
import io.tenure.journal.Journal;
import io.tenure.journal.JournalLimits;
import io.tenure.journal.LogAgent;
import io.tenure.journal.Recovery;
import io.tenure.journal.Scrub;
import io.tenure.net.ClientGateway;
import io.tenure.net.ClusterView;
import io.tenure.net.GatewayLimits;
import io.tenure.net.GatewaySeams;
import io.tenure.net.KnownPeers;
import io.tenure.net.LeaseRead;
import io.tenure.net.NodeIdentity;
import io.tenure.protocol.HostPort;
import io.tenure.protocol.Limits;
import io.tenure.raft.Freshness;
import io.tenure.raft.Input;
import io.tenure.raft.Lease;
import io.tenure.raft.Output;
import io.tenure.raft.Persist;
import io.tenure.raft.Raft;
import io.tenure.raft.Recovered;
import io.tenure.store.Applier;
import io.tenure.store.SessionTable;
import io.tenure.store.StateMachine;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node, put together: recovers its folder, makes its stages and what lies between them. Starts no thread and opens no
 * port: production and simulation give the stages their turns, each in its own way, and share everything here.
 */
final class NodeAssembly {
    /** A stage and the bell that asks for its turn. */
    record Part(Stage stage, Bell bell) {}

    private static final Logger LOGGER = LoggerFactory.getLogger(NodeAssembly.class);

    private final Bell raftBell = new Bell();
    private final Bell logBell = new Bell();
    private final Bell applierBell = new Bell();
    private final Bell gatewayBell = new Bell();
    private final Bell dumpBell = new Bell();
    private final Bell snapshotBell = new Bell();
    private final Bell scrubBell = new Bell();

    private final NodeIdentity identity;
    private final StateMachine store = new StateMachine();
    private final AtomicReference<Lease> lease = new AtomicReference<>();
    private final AtomicReference<NodeStatus> status = new AtomicReference<>();
    private final AtomicReference<Freshness> freshness = new AtomicReference<>();
    private final AtomicLong persistedSeq = new AtomicLong();
    private final AtomicLong commitIndex = new AtomicLong();
    private final AtomicReference<DiskSpace> disk = new AtomicReference<>(DiskSpace.UNKNOWN);
    private final Inbox<Input> completions = new Inbox<>(RaftRings.COMPLETIONS_MAX, raftBell);

    private final Journal journal;
    private final RaftAgent raftAgent;
    private final LogAgent logAgent;
    private final Applier applier;
    private final ClientGateway gateway;
    private final DumpWriter dump;
    private final SnapshotStage snapshotStage;
    private final ScrubStage scrubStage;

    /**
     * Recovers the node's folder and makes its stages.
     *
     * @throws io.tenure.journal.JournalException if the folder can't be used; the message says what to do
     */
    NodeAssembly(Settings settings, Seams seams) {
        SettingsLimits limits = settings.limits();
        dump = dump(settings, seams);
        Inbox<Reply> replies = new Inbox<>(RaftRings.REPLIES_MAX, gatewayBell, raftBell);
        Inbox<ApplyBatch> batches = new Inbox<>(RaftRings.APPLY_BATCHES_MAX, applierBell, raftBell);
        Inbox<SnapshotTask> snapshotTasks = new Inbox<>(RaftRings.SNAPSHOT_TASKS_MAX, snapshotBell);
        applier = new Applier(store, batches, replies, snapshotTasks, dump);
        SessionTable sessions = new SessionTable(limits.sessionsMax(), limits.requestWindow());
        Replay replay = new Replay(sessions, store, applier);
        journal = Journal.open(
                seams.disk(),
                settings.nodeFolder(),
                new Identity(settings.clusterId(), settings.nodeId()),
                new JournalLimits(limits.segmentBytes(), limits.logWindowBytesMax()),
                seams.random(),
                replay);
        Recovery recovery = journal.recovery();
        sessions.onTagsLost(Math.min(recovery.tagsLostUpTo(), recovery.log().lastIndex()));
        SnapshotSchedule schedule = new SnapshotSchedule(
                settings.snapshots().everyLogBytes(),
                lateShare(settings),
                recovery.snapshot(),
                replay.committedBytes());
        commitIndex.set(recovery.commitIndex());
        identity = identity(settings, recovery, seams.random().nextLong(1, Long.MAX_VALUE));
        AtomicReference<List<KnownPeer>> knownPeers = new AtomicReference<>(recovery.peers());
        AtomicReference<List<KnownPeer>> notedPeers = new AtomicReference<>(recovery.peers());
        KnownPeers known = new KnownPeers(recovery.peers(), peers -> remember(knownPeers, peers), notedPeers::get);
        Inbox<Input.Receive> peers = new Inbox<>(RaftRings.PEER_MESSAGES_MAX, raftBell);
        Inbox<Persist> persists = new Inbox<>(RaftRings.PERSISTS_MAX, logBell, raftBell);
        Inbox<Output.DiskTask> diskTasks = new Inbox<>(RaftRings.DISK_TASKS_MAX, logBell);
        Inbox<WrittenSnapshot> writtenSnapshots = new Inbox<>(RaftRings.SNAPSHOT_TASKS_MAX, logBell);
        AtomicReference<ReceivedSnapshot> received = new AtomicReference<>();
        ClientRing clients = new ClientRing(limits.clientRingBytes(), Limits.KEY_BYTES_MAX + limits.valueBytesMax());
        RaftRings rings = new RaftRings(
                peers,
                clients,
                completions,
                persistedSeq,
                persists,
                diskTasks,
                seams.links().connect(identity, known, peers, completions),
                batches,
                replies,
                lease,
                status,
                commitIndex,
                received,
                freshness,
                store::appliedIndex,
                disk);
        raftAgent = new RaftAgent(raft(settings, seams, recovery), sessions, schedule, seams.clock(), rings, dump);
        LogAgent.SnapshotSeams snapshotSeams = new LogAgent.SnapshotSeams(
                settings.snapshots().keepLogBytes(),
                writtenSnapshots,
                content -> seams.afterDisk().accept(() -> received.set(content)));
        logAgent = logAgent(
                settings,
                seams,
                persists,
                diskTasks,
                snapshotSeams,
                new LogAgent.PeerNotes(
                        knownPeers::get, noted -> seams.afterDisk().accept(() -> notedPeers.set(noted))));
        snapshotStage = snapshotStage(settings, seams, snapshotTasks, writtenSnapshots);
        scrubStage = scrubStage(settings, seams);
        gateway = gateway(settings, seams, clients, replies);
    }

    private DumpWriter dump(Settings settings, Seams seams) {
        return new DumpWriter(
                seams.disk(),
                settings.nodeFolder(),
                settings.nodeId(),
                settings.dump(),
                settings.limits().diskReserveBytes(),
                seams.clock(),
                dumpBell);
    }

    private void remember(AtomicReference<List<KnownPeer>> known, List<KnownPeer> peers) {
        known.set(peers);
        logBell.ring();
    }

    private static double lateShare(Settings settings) {
        List<Integer> ids =
                settings.members().stream().map(Settings.Member::id).sorted().toList();
        return SnapshotSchedule.lateShare(ids.indexOf(settings.nodeId()), ids.size());
    }

    private static NodeIdentity identity(Settings settings, Recovery recovery, long bootId) {
        return new NodeIdentity(
                settings.clusterId(),
                settings.nodeId(),
                recovery.incarnation(),
                recovery.bootCount(),
                bootId,
                recovery.hardState().rejoining());
    }

    private LogAgent logAgent(
            Settings settings,
            Seams seams,
            Inbox<Persist> persists,
            Inbox<Output.DiskTask> diskTasks,
            LogAgent.SnapshotSeams snapshots,
            LogAgent.PeerNotes peers) {
        return new LogAgent(
                journal,
                seams.clock(),
                persists,
                diskTasks,
                commitIndex::get,
                seq -> seams.afterDisk().accept(() -> {
                    persistedSeq.set(seq);
                    raftBell.ring();
                }),
                done -> seams.afterDisk().accept(() -> offerCompletion(completions, done)),
                snapshots,
                peers,
                new DiskWatch(
                        seams.disk(),
                        settings.nodeFolder(),
                        seams.clock(),
                        settings.limits().diskReserveBytes(),
                        space -> seams.afterDisk().accept(() -> onDiskSpace(space))));
    }

    private static Raft raft(Settings settings, Seams seams, Recovery recovery) {
        return new Raft(
                settings.toParameters(),
                new Recovered(recovery.hardState(), recovery.commitIndex(), recovery.log()),
                LineEncoder::noOp,
                seams.random(),
                seams.clock().nanoTime());
    }

    private SnapshotStage snapshotStage(
            Settings settings, Seams seams, Inbox<SnapshotTask> tasks, Inbox<WrittenSnapshot> written) {
        return new SnapshotStage(
                seams.disk(),
                settings.nodeFolder(),
                seams.clock(),
                settings.snapshots().bytesPerSecondMax(),
                settings.limits().diskReserveBytes() / 2,
                tasks,
                store,
                applierBell,
                each -> seams.afterDisk().accept(() -> offerWritten(written, each)));
    }

    private ScrubStage scrubStage(Settings settings, Seams seams) {
        Scrub scrub = new Scrub(seams.disk(), settings.nodeFolder(), this::mendMetadata);
        return new ScrubStage(scrub, seams.clock(), settings.scrub());
    }

    /** What a copy says is in the journal's memory, too. */
    private void mendMetadata(String problems) {
        LOGGER.warn("Damaged: {}. It is written again", problems);
        logAgent.mendMetadata();
        logBell.ring();
    }

    private void onDiskSpace(DiskSpace space) {
        boolean wasFull = disk.getAndSet(space).isFull();
        raftBell.ring();
        if (space.isFull() && !wasFull) {
            LOGGER.warn("{} (limits.diskReserveBytes): no writes until there is more; reads go on", space);
        } else if (wasFull && !space.isFull()) {
            LOGGER.info("the disk of {} has room again: {} bytes", space.folder(), space.usableBytes());
        }
    }

    private ClientGateway gateway(Settings settings, Seams seams, ClientRing clients, Inbox<Reply> replies) {
        SettingsLimits limits = settings.limits();
        return new ClientGateway(
                new ClusterView(settings.clusterId(), settings.nodeId(), addresses(settings, Settings.Member::client)),
                new LeaseRead(lease::get, store, seams.clock(), KeyHash::of),
                new GatewaySeams(
                        clients,
                        raftBell,
                        this::offerTransfer,
                        replies,
                        status::get,
                        freshness::get,
                        settings.clockDriftMax(),
                        store,
                        seams.clock()),
                new GatewayLimits(
                        limits.keyBytesMax(),
                        limits.valueBytesMax(),
                        limits.outstandingRequestsMax(),
                        limits.outstandingPerConnectionMax(),
                        limits.requestWindow()),
                dump);
    }

    NodeIdentity identity() {
        return identity;
    }

    ClientGateway gateway() {
        return gateway;
    }

    StateMachine store() {
        return store;
    }

    /** The core; to look at from the raft agent's thread, or from a simulator. */
    Raft raft() {
        return raftAgent.raft();
    }

    /**
     * Has the node lead no more, and never again: it hands over, or says that its lease is over (LEASE.md, 3.8).
     *
     * @return done when the rest of the node may be stopped; without that it may be as well, as a process may always end
     */
    CompletableFuture<Void> resign(long patienceNanos) {
        return completions.offer(new Input.Stop(patienceNanos))
                ? raftAgent.resigned()
                : CompletableFuture.completedFuture(null);
    }

    private boolean offerTransfer(Input.Transfer transfer) {
        return completions.hasRoomFor(RaftRings.COMPLETIONS_RESERVED) && completions.offer(transfer);
    }

    /** The lease as readers see it. */
    AtomicReference<Lease> lease() {
        return lease;
    }

    /** How the node sees itself. */
    AtomicReference<NodeStatus> status() {
        return status;
    }

    Part raftStage() {
        return new Part(raftAgent, raftBell);
    }

    Part applierStage() {
        return new Part(applier, applierBell);
    }

    Part gatewayStage() {
        return new Part(gateway, gatewayBell);
    }

    /** Owns the disk, and closes the journal at its end. */
    Part logStage() {
        return new Part(logAgent, logBell);
    }

    /** Writes and loads snapshots. */
    Part snapshotStage() {
        return new Part(snapshotStage, snapshotBell);
    }

    /** Reads all files to find rot. */
    Part scrubStage() {
        return new Part(scrubStage, scrubBell);
    }

    /** Times that all files were read since the start, and found good. Any thread. */
    long scrubPasses() {
        return scrubStage.passes();
    }

    /** Writes {@code dump.txt}. */
    Part dumpStage() {
        return new Part(dump, dumpBell);
    }

    /** All stages. */
    List<Part> stages() {
        return List.of(
                logStage(), snapshotStage(), scrubStage(), dumpStage(), applierStage(), gatewayStage(), raftStage());
    }

    /** One address of each member, by id. */
    static SortedMap<Integer, HostPort> addresses(Settings settings, Function<Settings.Member, HostPort> which) {
        SortedMap<Integer, HostPort> addresses = new TreeMap<>();
        settings.members().forEach(member -> addresses.put(member.id(), which.apply(member)));
        return addresses;
    }

    private static void offerWritten(Inbox<WrittenSnapshot> written, WrittenSnapshot each) {
        if (!written.offer(each)) {
            throw new IllegalStateException("more snapshots than tasks for them");
        }
    }

    /** What peers ask of each other's files is as much as they like, and what was lost is asked again; all else is bounded. */
    static void offerCompletion(Inbox<Input> completions, Input completion) {
        if (completion instanceof Input.RepairRead && !completions.hasRoomFor(RaftRings.COMPLETIONS_RESERVED + 1)) {
            LOGGER.debug("no room for what a peer wants to repair its files with");
        } else if (!completions.offer(completion)) {
            throw new IllegalStateException("more completions than requests for them");
        }
    }
}
