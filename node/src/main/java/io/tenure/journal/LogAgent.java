package io.tenure.journal;

import io.tenure.handoff.Clock;
import io.tenure.handoff.Inbox;
import io.tenure.handoff.KnownPeer;
import io.tenure.handoff.ReceivedSnapshot;
import io.tenure.handoff.Stage;
import io.tenure.handoff.WrittenSnapshot;
import io.tenure.raft.Entry;
import io.tenure.raft.Input;
import io.tenure.raft.Output;
import io.tenure.raft.Persist;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The stage that owns the journal (DESIGN.md, D5): takes every write that waits, has the journal force them as one group,
 * publishes one number. Then reads for slow followers, then what is due in the background: {@code logs.idx} is forced
 * within {@value #INDEX_FORCE_MILLIS} ms of a write, the commit length noted at most once in
 * {@value #COMMIT_NOTE_MILLIS} ms, both at the end.
 *
 * <p>The commit index may be published by the core's thread only <em>after</em> the {@link Persist} of the same turn was
 * offered, and is read here <em>before</em> the writes are taken out. So a commit index is never noted that is about an
 * entry which still waits to replace another one.
 *
 * <p>Every failure of the disk leaves {@link #doWork} as {@link JournalFailure}; the node must stop then.
 */
public final class LogAgent implements Stage {
    /** Longest time a record of {@code logs.idx} stays unforced. */
    public static final long INDEX_FORCE_MILLIS = 100;

    /** Shortest time between two notes of the commit length. */
    public static final long COMMIT_NOTE_MILLIS = 1_000;

    /** Pause between two attempts to write a group for which the disk has no room. */
    private static final long RETRY_MILLIS = DiskWatch.FULL_LOOK_MILLIS;

    /** Most writes and most reads taken out in one turn. */
    private static final int TURN_COUNT_MAX = 1024;

    /**
     * What the stage needs for snapshots.
     *
     * @param keepLogBytes bytes of log kept below a snapshot, for followers that lag
     * @param written what the snapshot stage has written
     * @param received takes what was received of a leader and verified, before the core learns of it
     */
    public record SnapshotSeams(
            long keepLogBytes, Inbox<WrittenSnapshot> written, Consumer<ReceivedSnapshot> received) {}

    private final Journal journal;
    private final Clock clock;
    private final Inbox<Persist> persists;
    private final Inbox<Output.DiskTask> diskTasks;
    private final LongSupplier commitIndex;
    private final LongConsumer persisted;
    private final Consumer<Input> completions;
    private final SnapshotWork snapshots;
    private final PeerNotes peers;
    private final DiskWatch space;

    private final List<Persist> group = new ArrayList<>();
    private volatile boolean metadataIsBad;
    private long indexDueNanos = NEVER;
    private long commitDueNanos = NEVER;
    /** When to go on with the group that the disk had no room for. */
    private long retryAtNanos = NEVER;

    /**
     * Makes the stage for a journal, which it closes at its own end.
     *
     * @param commitIndex the core's, see above
     * @param persisted takes the sequence number up to which all writes are durable
     * @param completions takes what was done for the core; must not block
     * @param peers with which folder each peer was last seen, to be remembered
     * @param space sees whether the disk is full
     */
    public LogAgent(
            Journal journal,
            Clock clock,
            Inbox<Persist> persists,
            Inbox<Output.DiskTask> diskTasks,
            LongSupplier commitIndex,
            LongConsumer persisted,
            Consumer<Input> completions,
            SnapshotSeams snapshots,
            PeerNotes peers,
            DiskWatch space) {
        this.peers = peers;
        this.journal = journal;
        this.clock = clock;
        this.persists = persists;
        this.diskTasks = diskTasks;
        this.commitIndex = commitIndex;
        this.persisted = persisted;
        this.completions = completions;
        this.space = space;
        this.snapshots = new SnapshotWork(
                journal, snapshots.keepLogBytes(), snapshots.written(), snapshots.received(), completions);
    }

    /**
     * What is known of peers, on its way to disk.
     *
     * @param known with which folder each was last seen
     * @param noted takes what is on disk
     */
    public record PeerNotes(Supplier<List<KnownPeer>> known, Consumer<List<KnownPeer>> noted) {}

    /** Has the metadata written anew in the next turn. Any thread. */
    public void mendMetadata() {
        metadataIsBad = true;
    }

    @Override
    public String roleName() {
        return "journal";
    }

    @Override
    public int doWork() {
        long commit = commitIndex.getAsLong();
        boolean waited = !group.isEmpty();
        int taken = writeGroup();
        space.look(taken > 0, !group.isEmpty());
        int read = diskTasks.drain(this::doTask, TURN_COUNT_MAX);
        // Even while a group waits for room: compaction makes some.
        read += snapshots.adopt();
        snapshots.dropNeedless();
        if (metadataIsBad) {
            metadataIsBad = false;
            journal.mendMetadata();
        }
        notePeers();
        // If a group waited for room, more may wait behind it.
        boolean allTaken = !waited && taken < TURN_COUNT_MAX && group.isEmpty();
        return taken + read + workInBackground(allTaken ? commit : 0);
    }

    private void notePeers() {
        List<KnownPeer> known = peers.known().get();
        if (!known.equals(journal.notedPeers())) {
            journal.notePeers(known);
            peers.noted().accept(journal.notedPeers());
        }
    }

    @Override
    public long wakeAtNanos() {
        return Math.min(Math.min(indexDueNanos, commitDueNanos), Math.min(retryAtNanos, space.wakeAtNanos()));
    }

    /** Writes what still waits, forces and notes everything, closes the journal. After a failure it only closes. */
    @Override
    public void onClose() {
        try (journal) {
            if (!journal.hasFailed()) {
                long commit = commitIndex.getAsLong();
                int taken = 1;
                while (taken > 0) {
                    taken = writeGroup();
                }
                journal.forceIndex();
                // A commit length must not be about entries that still wait to replace others.
                journal.noteCommit(group.isEmpty() ? commit : 0);
            }
        }
    }

    private int writeGroup() {
        boolean waited = !group.isEmpty();
        if (waited && clock.nanoTime() - retryAtNanos < 0) {
            return 0;
        }
        int taken = waited ? group.size() : persists.drain(group::add, TURN_COUNT_MAX);
        if (taken == 0) {
            return 0;
        }
        boolean done = waited ? journal.finishWrite() : journal.write(group);
        if (!done) {
            retryAtNanos = clock.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS);
            return 0;
        }
        retryAtNanos = NEVER;
        long seq = group.get(taken - 1).seq();
        group.clear();
        persisted.accept(seq);
        return taken;
    }

    private void doTask(Output.DiskTask task) {
        if (task instanceof Output.Fetch fetch) {
            fetch(fetch);
        } else if (task instanceof Output.SnapshotFetch fetch) {
            snapshots.fetch(fetch);
        } else if (task instanceof Output.RepairRead read) {
            snapshots.readForRepair(read);
        } else if (task instanceof Output.StoreChunk store) {
            snapshots.store(store.chunk());
        }
    }

    private void fetch(Output.Fetch fetch) {
        List<Entry> entries = journal.read(fetch.firstIndex(), fetch.bytesMax());
        completions.accept(new Input.Fetched(fetch.peer(), fetch.firstIndex(), entries));
    }

    private int workInBackground(long commit) {
        boolean indexWaits = journal.hasUnforcedIndex();
        // The next commit may come without a write: while entries are not noted, look again in time.
        boolean commitWaits = journal.notedCommit() < journal.lastIndex();
        if (!indexWaits) {
            indexDueNanos = NEVER;
        }
        if (!indexWaits && !commitWaits) {
            return 0;
        }
        long now = clock.nanoTime();
        int done = 0;
        if (indexWaits && indexDueNanos == NEVER) {
            indexDueNanos = now + TimeUnit.MILLISECONDS.toNanos(INDEX_FORCE_MILLIS);
        } else if (indexWaits && now - indexDueNanos >= 0) {
            journal.forceIndex();
            indexDueNanos = NEVER;
            done++;
        }
        if (commitWaits && commitDueNanos == NEVER) {
            commitDueNanos = now + TimeUnit.MILLISECONDS.toNanos(COMMIT_NOTE_MILLIS);
        } else if (commitWaits && now - commitDueNanos >= 0) {
            journal.noteCommit(commit);
            boolean stillWaits = journal.notedCommit() < journal.lastIndex();
            commitDueNanos = stillWaits ? now + TimeUnit.MILLISECONDS.toNanos(COMMIT_NOTE_MILLIS) : NEVER;
            done++;
        }
        return done;
    }
}
