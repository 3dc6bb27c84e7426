package io.tenure.node;

import io.tenure.handoff.Clock;
import io.tenure.handoff.Inbox;
import io.tenure.handoff.PeerSender;
import io.tenure.handoff.Stage;
import io.tenure.journal.Need;
import io.tenure.journal.Repair;
import io.tenure.raft.EntryId;
import io.tenure.raft.Input;
import io.tenure.raft.Message;
import io.tenure.raft.SnapshotChunk;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets what a damaged folder lacks from the peers, one after the other, until nothing is lacking. There is no core meanwhile: this
 * node neither votes nor promises nor acknowledges, and so can't speak as if the damaged entries were absent (DESIGN.md, D4). It
 * answers peers that repair themselves, so that an intact copy of an entry is found wherever there is one.
 */
final class RepairStage implements Stage {
    private static final Logger LOGGER = LoggerFactory.getLogger(RepairStage.class);
    private static final long ASK_AGAIN_NANOS = 200_000_000;
    private static final long TELL_AGAIN_NANOS = 10_000_000_000L;
    private static final int READ_BYTES = 256 << 10;
    private static final int MESSAGES_A_TURN = 256;
    private static final int ROUNDS_BEFORE_SNAPSHOT = 5;

    private final Repair repair;
    private final List<Integer> peers;
    private final Clock clock;
    private final Inbox<Input.Receive> inbox;
    private final PeerSender sender;
    private final Runnable done;

    /** Peers that have said that they don't have the entries that are wanted now. */
    private final Set<Integer> lacking = new HashSet<>();

    /** Requests to which nothing helpful came. */
    private int asked;

    private long askAgainNanos;
    private long tellAgainNanos;
    private EntryId snapshot = EntryId.NONE;
    private long snapshotOffset;
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
        this.peers = List.copyOf(peers);
        this.clock = clock;
        this.inbox = inbox;
        this.sender = sender;
        this.done = done;
        this.askAgainNanos = clock.nanoTime();
        this.tellAgainNanos = askAgainNanos;
    }

    @Override
    public String roleName() {
        return "repair";
    }

    @Override
    public long wakeAtNanos() {
        return finished ? NEVER : askAgainNanos;
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
        if (clock.nanoTime() - askAgainNanos >= 0) {
            asked++;
            snapshot = EntryId.NONE;
            snapshotOffset = 0;
            ask();
        }
        sender.flush();
        return inbox.isEmpty() ? 0 : 1;
    }

    @Override
    public void onClose() {
        if (!finished) {
            repair.close();
        }
    }

    private void ask() {
        long now = clock.nanoTime();
        askAgainNanos = now + ASK_AGAIN_NANOS;
        if (now - tellAgainNanos >= 0) {
            tellAgainNanos = now + TELL_AGAIN_NANOS;
            LOGGER.warn("repairs itself from its peers {}, and takes no part until then: {}", peers, problems());
        }
        Need need = repair.needs().get(0);
        if (!peers.isEmpty()) {
            int peer = peers.get(asked % peers.size());
            sender.send(peer, request(need));
        }
    }

    /**
     * Maybe no peer has the entries any more: then all are asked for a snapshot, which costs this node its older log, and for
     * the entries, in turn. Peers that can't be reached are given some time before that.
     */
    private Message.RepairRequest request(Need need) {
        int round = asked / peers.size();
        boolean areGone = lacking.containsAll(peers) || (!lacking.isEmpty() && round >= ROUNDS_BEFORE_SNAPSHOT);
        boolean entriesAreDue = !areGone || round % 2 == 0;
        return need instanceof Need.Entries entries && entriesAreDue
                ? Message.RepairRequest.entries(entries.firstIndex())
                : new Message.RepairRequest(0, snapshot, snapshotOffset, repair.lowestSnapshotIndex());
    }

    private String problems() {
        List<String> problems = repair.problems();
        int told = Math.min(3, problems.size());
        long more = repair.problemCount() - told;
        return String.join("; ", problems.subList(0, told)) + (more > 0 ? "; and " + more + " more" : "");
    }

    private void onMessage(Input.Receive receive) {
        if (receive.message() instanceof Message.RepairRequest request) {
            serve(receive.from(), request);
        } else if (receive.message() instanceof Message.RepairReply reply && !repair.isDone()) {
            onReply(receive.from(), reply);
        }
    }

    private void serve(int peer, Message.RepairRequest request) {
        if (request.firstIndex() > 0 && repair.incarnation() != 0) {
            sender.send(
                    peer,
                    new Message.RepairReply(
                            repair.term(),
                            repair.committed(),
                            request.firstIndex(),
                            repair.read(request.firstIndex(), READ_BYTES),
                            null));
        }
    }

    private void onReply(int peer, Message.RepairReply reply) {
        Need need = repair.needs().get(0);
        boolean progress = false;
        if (reply.chunk() != null) {
            progress = onChunk(reply.chunk());
        } else if (need instanceof Need.Entries wanted && reply.firstIndex() == wanted.firstIndex()) {
            progress = repair.offer(reply.firstIndex(), reply.entries(), reply.commitIndex());
            noteLacking(peer, reply, progress);
        }
        if (progress && !repair.isDone()) {
            ask();
        }
    }

    private void noteLacking(int peer, Message.RepairReply reply, boolean progress) {
        if (progress) {
            lacking.clear();
        } else if (reply.entries().isEmpty()) {
            lacking.add(peer);
        }
    }

    /** Whether the same peer is to be asked on. */
    private boolean onChunk(SnapshotChunk chunk) {
        if (chunk.last().index() < repair.lowestSnapshotIndex()) {
            return false;
        }
        snapshot = chunk.last();
        snapshotOffset = repair.offerSnapshot(chunk);
        return snapshotOffset > 0;
    }
}
