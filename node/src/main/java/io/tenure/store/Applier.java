package io.tenure.store;

import io.tenure.entry.LineParser;
import io.tenure.handoff.ApplyBatch;
import io.tenure.handoff.Inbox;
import io.tenure.handoff.Reply;
import io.tenure.handoff.SnapshotHeader;
import io.tenure.handoff.SnapshotTask;
import io.tenure.handoff.Stage;
import io.tenure.raft.Entry;
import io.tenure.raft.Output;
import java.util.List;

/**
 * Applies committed entries in order and then answers: what a client is told is visible to every reader by then (DESIGN.md,
 * D7). Fed by a ring; one thread at a time.
 */
public final class Applier implements Stage {
    private static final int BATCHES_A_TURN = 64;
    /** Entries whose keys are looked for together. */
    private static final int ENTRIES_AHEAD = 16;

    private final StateMachine store;
    private final Inbox<ApplyBatch> batches;
    private final Inbox<Reply> replies;
    private final Inbox<SnapshotTask> snapshots;
    private final AppliedListener listener;
    private final LineParser parser = new LineParser();
    /** The batch that waits until the snapshot which comes before it is loaded; null if none does. */
    private ApplyBatch loading;

    /** Is told of all entries that are applied; not of those replayed at a restart. */
    public interface AppliedListener {
        /**
         * Entries were applied, in order.
         *
         * @param firstIndex index of the first
         * @param leader whether this node led when they were committed
         */
        void applied(long firstIndex, List<Entry> entries, boolean leader);
    }

    /** Makes an applier; {@code replies} has room for an answer to every ticket there can be. */
    public Applier(
            StateMachine store,
            Inbox<ApplyBatch> batches,
            Inbox<Reply> replies,
            Inbox<SnapshotTask> snapshots,
            AppliedListener listener) {
        this.snapshots = snapshots;
        this.store = store;
        this.batches = batches;
        this.replies = replies;
        this.listener = listener;
    }

    /** Applies an entry that recovery knows committed, before any turn. */
    public void replay(long index, Entry entry) {
        store.beginUpTo(index);
        set(entry);
        store.advanceTo(index);
    }

    @Override
    public int doWork() {
        for (int batch = 0; batch < BATCHES_A_TURN && !store.isLoading(); batch++) {
            if (loading != null) {
                applyEntries(loading);
                loading = null;
            }
            if (batches.drain(this::apply, 1) == 0) {
                return 0;
            }
        }
        // Whoever loads a snapshot rings when it is done.
        return batches.isEmpty() || store.isLoading() ? 0 : 1;
    }

    @Override
    public long wakeAtNanos() {
        return NEVER;
    }

    @Override
    public String roleName() {
        return "applier";
    }

    private void apply(ApplyBatch batch) {
        if (batch.install() != null && batch.install().index() > store.appliedIndex()) {
            loading = batch;
            store.startLoad();
            order(new SnapshotTask.Load(batch.install()));
            return;
        }
        applyEntries(batch);
    }

    private void applyEntries(ApplyBatch batch) {
        List<Entry> entries = batch.entries();
        long index = batch.firstIndex();
        store.beginUpTo(index + entries.size() - 1);
        for (int i = 0; i < entries.size(); i++, index++) {
            if (i % ENTRIES_AHEAD == 0) {
                approach(entries, i);
            }
            // A snapshot may have brought more than it was loaded for.
            if (index > store.appliedIndex()) {
                set(entries.get(i));
            }
        }
        if (index - 1 > store.appliedIndex()) {
            store.advanceTo(index - 1);
        }
        if (batch.snapshot() != null) {
            SnapshotHeader header = batch.snapshot().header();
            // After a snapshot that brought more than it was loaded for, the state is not the one that was asked for.
            boolean isAsked = header.last().index() == store.appliedIndex();
            order(
                    isAsked
                            ? new SnapshotTask.Write(header, batch.snapshot().sessions(), store.snapshot())
                            : new SnapshotTask.Decline(header.last()));
        }
        answer(batch);
    }

    private void approach(List<Entry> entries, int from) {
        int to = Math.min(from + ENTRIES_AHEAD, entries.size());
        for (int i = from; i < to; i++) {
            store.approach(entries.get(i).keyHash());
        }
    }

    private void order(SnapshotTask task) {
        if (!snapshots.offer(task)) {
            throw new IllegalStateException("more tasks than a snapshot stage has room for");
        }
    }

    private void answer(ApplyBatch batch) {
        for (Output.Ready write : batch.writes()) {
            answer(new Reply(
                    write.ticket(), Reply.Outcome.DONE, batch.term(), batch.leaderId(), write.index(), 0, null));
        }
        for (ApplyBatch.Read read : batch.reads()) {
            answer(new Reply(
                    read.ticket(),
                    Reply.Outcome.DONE,
                    batch.term(),
                    batch.leaderId(),
                    store.appliedIndex(),
                    0,
                    store.get(read.key())));
        }
        listener.applied(batch.firstIndex(), batch.entries(), batch.leader());
    }

    private void set(Entry entry) {
        if (entry.kind() == Entry.Kind.WRITE) {
            parser.parse(entry.bytes(), entry.offset(), entry.length());
            store.set(entry.keyHash(), parser.keyValue());
        }
    }

    private void answer(Reply reply) {
        if (!replies.offer(reply)) {
            throw new IllegalStateException("more replies than tickets");
        }
    }
}
