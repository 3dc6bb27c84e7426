package io.tenure.node;

import io.tenure.handoff.Clock;
import io.tenure.handoff.Inbox;
import io.tenure.handoff.PeerSender;
import io.tenure.handoff.Stage;
import io.tenure.journal.JournalException;
import io.tenure.journal.Need;
import io.tenure.journal.Repair;
import io.tenure.journal.RepairSource;
import io.tenure.raft.EntryId;
import io.tenure.raft.Input;
import io.tenure.raft.Message;
import io.tenure.raft.SnapshotChunk;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets what a damaged folder lacks from the peers, one after the other, until nothing is lacking. There is no core meanwhile: this
 * node neither votes nor promises nor acknowledges, and so can't speak as if the damaged entries were absent (DESIGN.md, D4). It
 * answers peers that repair themselves, so that an intact copy of an entry is found wherever there is one.
 *
 * <p>One request is under way at a time. It is given as long as the peer's answers take; a peer that helps is asked on, and a
 * snapshot goes on where it was even if an answer is lost. Peers that can't be reached are waited for, for ever; when all have
 * answered and none can help, this throws {@link JournalException}.
 */
final class RepairStage implements Stage {
    private static final Logger LOGGER = LoggerFactory.getLogger(RepairStage.class);

    /** Pause before all peers are asked again, and before the disk is looked at again. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private static final long ROOM_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long TELL_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** So long all answers must have been without hope, and were given again: what is repaired elsewhere may help. */
    private static final long HOPELESS_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final int READ_BYTES = 256 << 10;
    private static final int MESSAGES_A_TURN = 256;
    private static final int ROUNDS_BEFORE_SNAPSHOT = 5;

    /** The same if peers have the entries, but nothing tells whether they are the ones that stood here. */
    private static final int REFUSED_ROUNDS_BEFORE_SNAPSHOT = 25;

    /** Requests for one piece of a snapshot before another peer is asked for the whole. */
    private static final int PIECE_REQUESTS_MAX = 6;

    private static final int PROBLEMS_TOLD = 3;

    private final Repair repair;
    private final List<RepairPeer> peers = new ArrayList<>();
    private final Clock clock;
    private final Inbox<Input.Receive> inbox;
    private final PeerSender sender;
    private final Runnable done;

    /** Place of the peer that is asked now. */
    private int at;

    /** Times that all peers were asked without any help. */
    private int rounds;

    private long askAtNanos;
    private long tellAgainNanos;
    private long hopelessSinceNanos = NEVER;

    /** The snapshot that comes from the peer that is asked now; {@link EntryId#NONE} if none does. */
    private EntryId snapshot = EntryId.NONE;

    private long snapshotOffset;
    private boolean toldFull;
    private boolean finished;

    /** Makes the stage; {@code done} runs in its turn once nothing is lacking, after the folder was given back. */
    RepairStage(
            Repair repair,
            List<Integer> peers,
            Clock clock,
            Inbox<Input.Receive> inbox,
            PeerSender sender,
            Runnable done) {
        this.repair = repair;
        peers.forEach(id -> this.peers.add(new RepairPeer(id)));
        this.clock = clock;
        this.inbox = inbox;
        this.sender = sender;
        this.done = done;
        this.askAtNanos = clock.nanoTime();
        this.tellAgainNanos = askAtNanos;
    }

    @Override
    public String roleName() {
        return "repair";
    }

    @Override
    public long wakeAtNanos() {
        if (finished) {
            return NEVER;
        }
        return repair.isWaitingForRoom() ? askAtNanos : Math.min(nextNanos(), tellAgainNanos);
    }

    /** When it goes on though nothing comes. */
    private long nextNanos() {
        return isAsking() ? peers.get(at).dueNanos() : askAtNanos;
    }

    private boolean isAsking() {
        return !peers.isEmpty() && peers.get(at).isWaiting();
    }

    @Override
    public int doWork() {
        if (finished) {
            return 0;
        }
        inbox.drain(this::onMessage, MESSAGES_A_TURN);
        if (repair.isDone()) {
            finished = true;
            repair.close();
            LOGGER.info("all damage is repaired");
            done.run();
            return 0;
        }
        long now = clock.nanoTime();
        if (repair.isWaitingForRoom()) {
            awaitRoom(now);
        } else {
            goOn(now);
        }
        sender.flush();
        return inbox.isEmpty() && !repair.isDone() ? 0 : 1;
    }

    @Override
    public void onClose() {
        if (!finished) {
            repair.close();
        }
    }

    private void goOn(long now) {
        if (now - tellAgainNanos >= 0) {
            tellAgainNanos = now + TELL_AGAIN_NANOS;
            LOGGER.warn(
                    "repairs itself from its peers, and takes no part until then: {}. Wants {}; {}",
                    problems(),
                    outlook().wanted(),
                    outlook().answers());
        }
        if (isAsking() && now - nextNanos() >= 0) {
            peers.get(at).onOverdue();
            onUnanswered(now, now);
        }
        if (!isAsking() && now - askAtNanos >= 0) {
            ask(now);
        }
        stopIfHopeless(now);
    }

    /** Others may make room; nothing is lost meanwhile. */
    private void awaitRoom(long now) {
        if (!toldFull) {
            toldFull = true;
            askAtNanos = now + ROOM_PAUSE_NANOS;
            LOGGER.warn("the disk has no room for what is repaired: waits until there is more");
        } else if (now - askAtNanos >= 0) {
            askAtNanos = now + ROOM_PAUSE_NANOS;
            toldFull = !repair.goOn();
            if (!toldFull) {
                LOGGER.info("the disk has room again: goes on with the repair");
                askAtNanos = now;
            }
        }
    }

    private void ask(long now) {
        if (peers.isEmpty()) {
            askAtNanos = now + PAUSE_NANOS;
            return;
        }
        RepairPeer peer = peers.get(at);
        if (sender.send(peer.id, request(need()))) {
            peer.onAsked(now);
        } else {
            peer.onUnreachable(now);
            onUnanswered(now, now + peer.patienceNanos());
        }
    }

    /** A piece of a snapshot is asked for again, as all before it is here; for anything else there are other peers. */
    private void onUnanswered(long now, long againNanos) {
        boolean again = !snapshot.equals(EntryId.NONE) && peers.get(at).unanswered() < PIECE_REQUESTS_MAX;
        if (again) {
            askAtNanos = againNanos;
        } else {
            askNextPeer(now);
        }
    }

    private void askNextPeer(long now) {
        endTransfer();
        askAtNanos = now;
        at++;
        if (at == peers.size()) {
            at = 0;
            rounds++;
            askAtNanos = now + PAUSE_NANOS;
        }
    }

    /**
     * Maybe no peer has the entries any more: then all are asked for a snapshot, which costs this node its older log, and for
     * the entries, in turn. Peers that can't be reached are given some time before that.
     */
    private Message.RepairRequest request(Need need) {
        long lacking = peers.stream().filter(RepairPeer::lacksEntries).count();
        boolean areRefused = peers.stream().allMatch(peer -> peer.refusal() != null);
        boolean areGone = lacking == peers.size()
                || (lacking > 0 && rounds >= ROUNDS_BEFORE_SNAPSHOT)
                || (areRefused && rounds >= REFUSED_ROUNDS_BEFORE_SNAPSHOT);
        boolean entriesAreDue = snapshot.equals(EntryId.NONE) && (!areGone || rounds % 2 == 0);
        return need instanceof Need.Entries entries && entriesAreDue
                ? Message.RepairRequest.entries(entries.firstIndex())
                : new Message.RepairRequest(0, snapshot, snapshotOffset, repair.lowestSnapshotIndex());
    }

    /** What is wanted now: for want of a snapshot that helps, now and then the entries that are lacking as well. */
    private Need need() {
        List<Need> needs = repair.needs();
        boolean entriesAreDue = snapshot.equals(EntryId.NONE) && rounds % 2 == 1;
        return needs.get(needs.get(0) instanceof Need.Snapshot && needs.size() > 1 && entriesAreDue ? 1 : 0);
    }

    private RepairOutlook outlook() {
        return new RepairOutlook(need(), repair.lowestSnapshotIndex(), peers);
    }

    private void stopIfHopeless(long now) {
        RepairOutlook outlook = outlook();
        if (!outlook.isHopeless()) {
            hopelessSinceNanos = NEVER;
        } else if (hopelessSinceNanos == NEVER) {
            hopelessSinceNanos = now;
        } else if (now - hopelessSinceNanos >= HOPELESS_NANOS
                && peers.stream().allMatch(peer -> peer.hasRefusedAfter(hopelessSinceNanos))) {
            throw new JournalException("Damaged: " + problems() + ". No member can give " + outlook.wanted() + ": "
                    + outlook.answers()
                    + ". Nothing was cut. Way out: put an intact copy of the damaged file back, from"
                    + " a backup of this folder or of the folder of a member whose copy is damaged, too, and start that"
                    + " node again; the others repair themselves from it. (\"rejoin\" is no way out: it gets its entries"
                    + " from the same members.)");
        }
    }

    private String problems() {
        List<String> problems = repair.problems();
        int told = Math.min(PROBLEMS_TOLD, problems.size());
        long more = repair.problemCount() - told;
        return String.join("; ", problems.subList(0, told)) + (more > 0 ? "; and " + more + " more" : "");
    }

    private void onMessage(Input.Receive receive) {
        if (receive.message() instanceof Message.RepairRequest request) {
            serve(receive.from(), request);
        } else if (receive.message() instanceof Message.RepairReply reply) {
            peers.stream().filter(peer -> peer.id == receive.from()).forEach(peer -> onReply(peer, reply));
        }
    }

    private void serve(int peer, Message.RepairRequest request) {
        if (repair.incarnation() == 0) {
            return;
        }
        RepairSource source = repair.source();
        boolean ofLog = request.firstIndex() > 0;
        Message.RepairCopy copy = new Message.RepairCopy(
                true,
                ofLog ? source.isDamaged(request.firstIndex()) : source.isSnapshotDamaged(),
                source.snapshotIndex());
        sender.send(
                peer,
                new Message.RepairReply(
                        source.term(),
                        source.committed(),
                        ofLog ? source.read(request.firstIndex(), READ_BYTES) : Message.RepairEntries.NONE,
                        ofLog ? null : source.readSnapshot(peer, request.snapshot(), request.offset(), READ_BYTES),
                        copy));
    }

    private void onReply(RepairPeer peer, Message.RepairReply reply) {
        if (repair.isDone() || repair.isWaitingForRoom()) {
            return;
        }
        Need need = need();
        Message.RepairEntries log = reply.log();
        if (log.firstIndex() == 0) {
            onSnapshotReply(peer, reply, need);
        } else if (need instanceof Need.Entries wanted && log.firstIndex() == wanted.firstIndex()) {
            long now = clock.nanoTime();
            peer.onReply(now);
            if (repair.offer(log, reply.commitIndex())) {
                endTransfer();
                onProgress(peer, now);
            } else if (!repair.isWaitingForRoom()) {
                peer.onRefusal(reply, now);
                onNoHelp(peer, now);
            }
        }
    }

    private void onSnapshotReply(RepairPeer peer, Message.RepairReply reply, Need need) {
        long now = clock.nanoTime();
        boolean isUnderWay = !snapshot.equals(EntryId.NONE);
        SnapshotChunk chunk = reply.chunk();
        if (isUnderWay && (peer != peers.get(at) || (chunk != null && !isNext(chunk)))) {
            return; // It came twice, or too late.
        }
        peer.onReply(now);
        if (chunk != null && chunk.last().index() >= repair.lowestSnapshotIndex() && take(chunk)) {
            onProgress(peer, now);
        } else if (!repair.isWaitingForRoom()) {
            endTransfer();
            if (need instanceof Need.Snapshot) {
                peer.onRefusal(reply, now);
            }
            onNoHelp(peer, now);
        }
    }

    /** Whether it goes on with the snapshot that comes; or begins another, as the peer no longer has that one. */
    private boolean isNext(SnapshotChunk chunk) {
        return chunk.last().equals(snapshot) ? chunk.offset() == snapshotOffset : chunk.offset() == 0;
    }

    /** Whether the piece is of any use. */
    private boolean take(SnapshotChunk chunk) {
        long wanted = repair.offerSnapshot(chunk);
        boolean goesOn = wanted > 0 && wanted < chunk.totalBytes();
        snapshot = goesOn ? chunk.last() : EntryId.NONE;
        snapshotOffset = goesOn ? wanted : 0;
        return wanted > 0;
    }

    private void endTransfer() {
        snapshot = EntryId.NONE;
        snapshotOffset = 0;
    }

    /** The same peer is asked on. */
    private void onProgress(RepairPeer helpful, long now) {
        rounds = 0;
        hopelessSinceNanos = NEVER;
        askAtNanos = now;
        peers.get(at).stopWaiting();
        at = peers.indexOf(helpful);
        peers.forEach(RepairPeer::forgetRefusal);
    }

    private void onNoHelp(RepairPeer peer, long now) {
        if (peer == peers.get(at)) {
            askNextPeer(now);
        }
    }
}
