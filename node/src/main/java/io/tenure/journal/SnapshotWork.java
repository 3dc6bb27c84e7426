package io.tenure.journal;

import io.tenure.handoff.Inbox;
import io.tenure.handoff.ReceivedSnapshot;
import io.tenure.handoff.WrittenSnapshot;
import io.tenure.raft.Input;
import io.tenure.raft.Message;
import io.tenure.raft.Output;
import io.tenure.raft.SnapshotChunk;
import java.util.function.Consumer;

/**
 * What the log stage does for snapshots: adopts those that this node has written, and compacts the log behind them; reads
 * pieces for followers; keeps and verifies the pieces that a leader sends. Confined to the log stage's thread.
 */
final class SnapshotWork {
    private static final int REPAIR_BYTES = 256 << 10;

    /** Log kept for a peer that is being sent a snapshot, besides what is kept anyway. */
    private static final long HELD_LOG_BYTES = 64 << 20;

    private final Journal journal;
    private final long keepLogBytes;
    private final Inbox<WrittenSnapshot> written;
    private final Consumer<ReceivedSnapshot> received;
    private final Consumer<Input> completions;
    /** The one that waits to be adopted, null if none does. */
    private WrittenSnapshot finished;

    /** Whether that one is adopted, and only the log is yet to be compacted. */
    private boolean adopted;

    SnapshotWork(
            Journal journal,
            long keepLogBytes,
            Inbox<WrittenSnapshot> written,
            Consumer<ReceivedSnapshot> received,
            Consumer<Input> completions) {
        this.journal = journal;
        this.keepLogBytes = keepLogBytes;
        this.written = written;
        this.received = received;
        this.completions = completions;
    }

    /** Adopts what was written, once the log has forced all that it includes, and compacts the log; how much was done. */
    int adopt() {
        int taken = finished != null ? 0 : written.drain(each -> finished = each, 1);
        if (finished == null) {
            return taken;
        }
        if (finished.bytes() > 0 && !adopted) {
            adopted = journal.adoptSnapshot() != null;
            if (!adopted) {
                return taken;
            }
        }
        if (adopted && journal.compact(journal.firstIndexKeeping(keepLogBytes, HELD_LOG_BYTES)) == null) {
            return taken; // The next one is not ordered before, so the room that this frees is not put off for it.
        }
        completions.accept(new Input.SnapshotWritten(finished.last(), finished.bytes(), journal.base()));
        finished = null;
        adopted = false;
        return 1;
    }

    /** The core may have declined a leader's snapshot because its log came to hold as much: then it takes room for nothing. */
    void dropNeedless() {
        journal.dropNeedlessSnapshot();
    }

    /** A piece of the snapshot, for a follower. */
    void fetch(Output.SnapshotFetch fetch) {
        SnapshotChunk chunk = journal.readSnapshot(fetch.peer(), fetch.wanted(), fetch.offset(), fetch.bytesMax());
        completions.accept(new Input.SnapshotFetched(fetch.peer(), chunk));
    }

    /** What a peer with damaged files wants. */
    void readForRepair(Output.RepairRead read) {
        Message.RepairRequest wanted = read.request();
        boolean ofLog = wanted.firstIndex() > 0;
        SnapshotChunk chunk =
                ofLog ? null : journal.readSnapshot(read.peer(), wanted.snapshot(), wanted.offset(), REPAIR_BYTES);
        Message.RepairCopy copy =
                new Message.RepairCopy(false, false, journal.snapshot().index());
        Message.RepairReply reply = new Message.RepairReply(
                journal.durableTerm(),
                read.commitIndex(),
                ofLog
                        ? RepairSource.stretch(journal.base(), wanted.firstIndex(), REPAIR_BYTES, journal::read)
                        : Message.RepairEntries.NONE,
                chunk,
                copy);
        completions.accept(new Input.RepairRead(read.peer(), reply));
    }

    /** A piece of a leader's snapshot. */
    void store(SnapshotChunk chunk) {
        long wanted = journal.receive(chunk.last(), chunk.totalBytes(), chunk.offset(), chunk.bytes());
        boolean complete = wanted == chunk.totalBytes();
        if (complete) {
            ReceivedSnapshot content = journal.verifyReceived();
            complete = content != null;
            wanted = complete ? wanted : 0;
            if (complete) {
                received.accept(content);
            }
        }
        completions.accept(new Input.ChunkStored(chunk.last(), wanted, complete));
    }
}
