package io.tenure.node;

import io.tenure.handoff.ApplyBatch;
import io.tenure.handoff.Clock;
import io.tenure.handoff.DiskSpace;
import io.tenure.handoff.NodeStatus;
import io.tenure.handoff.ReceivedSnapshot;
import io.tenure.handoff.Reply;
import io.tenure.handoff.SnapshotHeader;
import io.tenure.handoff.SnapshotOrder;
import io.tenure.handoff.Stage;
import io.tenure.raft.EntryId;
import io.tenure.raft.Event;
import io.tenure.raft.Input;
import io.tenure.raft.Lease;
import io.tenure.raft.Message;
import io.tenure.raft.Output;
import io.tenure.raft.Persist;
import io.tenure.raft.Raft;
import io.tenure.raft.Role;
import io.tenure.store.SessionTable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the core. A turn, in this order, because the order is part of the safety argument (DESIGN.md, section 3): take in
 * what happened; then read the clock; step the core with each input, and a tick if due; then hand each consumer one batch,
 * the lease to the readers before anything else leaves.
 */
final class RaftAgent implements Stage {
    private static final Logger LOGGER = LoggerFactory.getLogger(RaftAgent.class);
    private static final int INPUTS_A_TURN = 1024;
    private static final int REQUESTS_A_TURN = 4096;

    private final Raft raft;
    private final SessionTable sessions;
    private final Clock clock;
    private final RaftRings rings;
    private final NodeListener listener;
    private final SnapshotSchedule snapshots;

    private final List<Input> inputs = new ArrayList<>();
    private final ClientRequests requests;
    /** Answers of this turn; they wait for {@link #publishLease}, as everything does. */
    private final List<Reply> replies = new ArrayList<>();

    private final List<Output.Send> repairReplies = new ArrayList<>();
    private final CompletableFuture<Void> resigned = new CompletableFuture<>();

    private long now;
    private long persistedSeq;
    private long sessionsIssued;
    private long sessionsIssuedInTerm = -1;
    private Lease publishedLease;
    private long appliedIndex;
    private EntryId installedLast;
    private DiskSpace disk = DiskSpace.UNKNOWN;

    RaftAgent(
            Raft raft,
            SessionTable sessions,
            SnapshotSchedule snapshots,
            Clock clock,
            RaftRings rings,
            NodeListener listener) {
        this.snapshots = snapshots;
        this.raft = raft;
        this.sessions = sessions;
        this.clock = clock;
        this.rings = rings;
        this.listener = listener;
        this.requests = new ClientRequests(raft, sessions, this::step, this::reply);
        appliedIndex = Math.max(0, rings.appliedIndex().getAsLong());
        raft.step(clock.nanoTime(), new Input.Applied(appliedIndex));
        publishStatus();
    }

    /** The core, to look at between turns. */
    Raft raft() {
        return raft;
    }

    /** Done once the core was told to stop, leads no more, and all it had to say of that has left. */
    CompletableFuture<Void> resigned() {
        return resigned;
    }

    @Override
    public String roleName() {
        return "raft";
    }

    @Override
    public long wakeAtNanos() {
        return raft.wakeAtNanos();
    }

    @Override
    public int doWork() {
        takeInputs();
        now = clock.nanoTime();
        for (Input input : inputs) {
            step(input);
        }
        inputs.clear();
        takeRequests();
        if (now - raft.wakeAtNanos() >= 0) {
            step(new Input.Tick());
        }
        handOver(raft.finishTurn());
        if (raft.hasResigned()) {
            resigned.complete(null);
        }
        return somethingWaits() ? 1 : 0;
    }

    /** Whether a turn has work right away; a consumer that has no room rings when it has some again. */
    private boolean somethingWaits() {
        boolean clientsWait = !rings.clients().isEmpty() && takesRequests();
        return clientsWait
                || !inputs.isEmpty()
                || !rings.peers().isEmpty()
                || !rings.completions().isEmpty();
    }

    private void takeInputs() {
        // Read before the writes: those that waited for room are done before there is said to be room.
        DiskSpace space = rings.disk().get();
        long persisted = rings.persistedSeq().get();
        if (persisted > persistedSeq) {
            persistedSeq = persisted;
            inputs.add(new Input.Persisted(persisted));
        }
        long applied = rings.appliedIndex().getAsLong();
        if (applied > appliedIndex) {
            appliedIndex = applied;
            inputs.add(new Input.Applied(applied));
        }
        if (!space.equals(disk)) {
            disk = space;
            inputs.add(new Input.DiskSpace(space.isFull()));
        }
        // Before hints about links: a late message of a dead leader would else pass for a sign of life.
        rings.peers().drain(inputs::add, INPUTS_A_TURN);
        rings.completions().drain(inputs::add, INPUTS_A_TURN);
    }

    private void step(Input input) {
        if (input instanceof Input.Receive receive && receive.message() instanceof Message.RepairRequest request) {
            // Nothing for the core. What is committed is looked up before it is read, and only as far as the journal
            // has
            // it: a committed entry that waits to be written may find another one in its place there.
            long committed = Math.min(raft.commitIndex(), raft.durableIndex());
            handOverDiskTask(new Output.RepairRead(receive.from(), request, committed));
            snapshots.onWanted(request.lowestIndex());
            return;
        }
        if (input instanceof Input.RepairRead read) {
            repairReplies.add(new Output.Send(read.peer(), read.reply()));
            return;
        }
        raft.step(now, input);
        noteInstalled();
        noteLogChanges();
        if (input instanceof Input.SnapshotWritten written) {
            snapshots.onWritten(written.last(), written.bytes());
        }
    }

    /** A snapshot has taken the place of the log: the session table is the snapshot's, before anything else is looked up. */
    private void noteInstalled() {
        EntryId installed = raft.output().installed();
        if (installed == null || installed.equals(installedLast)) {
            return;
        }
        installedLast = installed;
        ReceivedSnapshot received = rings.received().get();
        if (!received.header().last().equals(installed)) {
            throw new IllegalStateException("installed " + installed + ", received " + received.header());
        }
        sessions.reset(received.header());
        received.sessions().forEach(sessions::restore);
        snapshots.onInstalled(installed);
    }

    /** Keeps the session table in step with the log, before the next request is looked up in it. */
    private void noteLogChanges() {
        List<Output.LogChange> changes = raft.output().logChanges();
        for (Output.LogChange change : changes) {
            if (change.isTruncation()) {
                sessions.onTruncate(change.index());
            } else {
                sessions.onAppend(change.index(), change.entry());
            }
        }
        changes.clear();
    }

    /**
     * Clients wait while a consumer downstream has no room: nothing is taken in that could not be handed on (D8). They wait as
     * well while leadership is on its way to another node, in their ring, in order and within its bounds.
     */
    private void takeRequests() {
        if (takesRequests()) {
            rings.clients().drain(requests, REQUESTS_A_TURN);
            requests.propose();
        }
    }

    private boolean takesRequests() {
        return !raft.holdsRequests()
                && rings.applier().hasRoom()
                && rings.journal().hasRoom()
                && rings.replies().hasRoomFor(RaftRings.REPLIES_MAX / 2);
    }

    private void handOver(Output output) {
        publishLease();
        publishStatus();
        for (Event event : output.events()) {
            if (event.kind().isStatement()) {
                listener.event(event);
            } else {
                log(event);
            }
        }
        sessions.onCommit(raft.commitIndex());
        if (handOverPersists()) {
            // Only behind the writes: a noted commit length must not be about an entry that still waits to be replaced.
            rings.commitIndex().set(raft.commitIndex());
        }
        handOverMessages(output);
        handOverCommitted(output);
        for (Output.Refused refused : output.refused()) {
            requests.forget(refused.ticket());
            reply(refused.ticket(), ClientRequests.outcomeOf(refused.reason()));
        }
        handOverReplies();
        output.diskTasks().forEach(this::handOverDiskTask);
        output.clear();
    }

    private void log(Event event) {
        if (event.kind() == Event.Kind.REJOINED) {
            LOGGER.info(
                    "node {} has rejoined: it has caught up in term {}, and votes again", event.node(), event.term());
        } else {
            LOGGER.warn("node {} has lost entries that it acknowledged in term {}", event.node(), event.term());
            rings.sender().shutOut(event.node());
        }
    }

    /** Readers see a lease end before anybody learns of what ended it (LEASE.md, 3.7). */
    private void publishLease() {
        Lease lease = raft.lease();
        if (lease == null ? publishedLease != null : !lease.equals(publishedLease)) {
            publishedLease = lease;
            rings.lease().set(lease);
        }
        rings.freshness().set(raft.freshness());
    }

    private void publishStatus() {
        rings.status().set(NodeStatus.of(raft, publishedLease, rings.disk().get()));
    }

    /** Whether the journal has everything now. */
    private boolean handOverPersists() {
        while (rings.journal().hasRoom()) {
            Persist persist = raft.takePersist();
            if (persist == null) {
                return true;
            }
            if (!rings.journal().offer(persist)) {
                throw new IllegalStateException("the journal's ring has one producer");
            }
        }
        return false;
    }

    private void handOverMessages(Output output) {
        repairReplies.forEach(send -> rings.sender().send(send.to(), send.message()));
        repairReplies.clear();
        for (Output.Send send : output.messages()) {
            boolean sent = rings.sender().send(send.to(), send.message());
            if (!sent && isRpc(send.message())) {
                listener.rpcFailed(send.to());
            }
        }
        rings.sender().flush();
    }

    private static boolean isRpc(Message message) {
        return message instanceof Message.AppendEntry
                || message instanceof Message.RequestVote
                || message instanceof Message.InstallSnapshot
                || message instanceof Message.TimeoutNow;
    }

    private void handOverCommitted(Output output) {
        boolean nothing = output.committed().isEmpty()
                && output.ready().isEmpty()
                && output.installed() == null
                && !snapshots.isWanted(raft.commitIndex());
        if (nothing || !rings.applier().hasRoom()) {
            return;
        }
        List<Output.Ready> writes = new ArrayList<>(output.ready().size());
        List<ApplyBatch.Read> reads = new ArrayList<>();
        for (Output.Ready ready : output.ready()) {
            String key = requests.takeReadKey(ready.ticket());
            if (key != null) {
                reads.add(new ApplyBatch.Read(ready.ticket(), key, ready.index()));
            } else if (requests.takeSessionTicket(ready.ticket())) {
                reply(ready.ticket(), Reply.Outcome.DONE, ready.index(), nextSession());
            } else {
                writes.add(ready);
            }
        }
        ApplyBatch batch = new ApplyBatch(
                raft.currentTerm(),
                raft.leader(),
                raft.role() == Role.LEADER,
                output.committedFirstIndex(),
                output.installed(),
                new ArrayList<>(output.committed()),
                snapshotDue(output),
                writes,
                reads);
        if (!rings.applier().offer(batch)) {
            throw new IllegalStateException("the applier's ring has one producer");
        }
        output.clearCommitted();
    }

    /** The snapshot to begin after the entries that are handed to the applier now, or null. */
    private SnapshotOrder snapshotDue(Output output) {
        if (!snapshots.isDue(output.committed(), raft.commitIndex())) {
            return null;
        }
        long index = raft.commitIndex();
        SnapshotHeader header = new SnapshotHeader(
                new EntryId(index, raft.log().term(index)),
                raft.leasePromisedMillisMax(),
                Math.min(sessions.evictedUpTo(), index),
                Math.min(sessions.tagsLostUpTo(), index));
        snapshots.onOrdered(header.last());
        return new SnapshotOrder(header, sessions.recordsUpTo(index));
    }

    private void handOverDiskTask(Output.DiskTask task) {
        if (rings.diskTasks().offer(task)) {
            return;
        }
        // No room: as if the disk had nothing. A piece of a snapshot that is lost here is sent again, and so is a
        // request.
        if (task instanceof Output.Fetch fetch) {
            inputs.add(new Input.Fetched(fetch.peer(), fetch.firstIndex(), List.of()));
        } else if (task instanceof Output.SnapshotFetch fetch) {
            inputs.add(new Input.SnapshotFetched(fetch.peer(), null));
        } else if (task instanceof Output.StoreChunk store) {
            long offset = Message.InstallSnapshotReply.NO_OFFSET;
            inputs.add(new Input.ChunkStored(store.chunk().last(), offset, false));
        }
    }

    private void reply(long ticket, Reply.Outcome outcome) {
        reply(ticket, outcome, 0, 0);
    }

    private void reply(long ticket, Reply.Outcome outcome, long index, long session) {
        replies.add(new Reply(ticket, outcome, raft.currentTerm(), raft.leader(), index, session, null));
    }

    private void handOverReplies() {
        for (Reply reply : replies) {
            if (!rings.replies().offer(reply)) {
                throw new IllegalStateException("more replies than tickets");
            }
        }
        replies.clear();
    }

    /** Unique without agreement: a term has one leader, and the leader counts (DESIGN.md, D6). Never 0. */
    private long nextSession() {
        if (sessionsIssuedInTerm != raft.currentTerm()) {
            sessionsIssuedInTerm = raft.currentTerm();
            sessionsIssued = 0;
        }
        return (raft.currentTerm() + 1) << 32 | ++sessionsIssued;
    }
}
