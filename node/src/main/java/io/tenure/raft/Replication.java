package io.tenure.raft;

import java.util.List;
import java.util.function.BooleanSupplier;

/** What a leader sends to its followers, each as its {@link Progress} allows: entries, pieces of a snapshot, heartbeats. */
final class Replication {
    private final NodeState node;
    private final Parameters parameters;
    private final LeaderLease lease;
    private final BooleanSupplier vouches;
    private boolean asksForPromises;

    /** Makes it; {@code vouches} tells whether all that clients were told so far is at or below the commit index. */
    Replication(NodeState node, LeaderLease lease, BooleanSupplier vouches) {
        this.vouches = vouches;
        this.node = node;
        this.parameters = node.parameters;
        this.lease = lease;
    }

    /** The term is open: from now on every message asks for a lease promise. */
    void askForPromises() {
        asksForPromises = true;
    }

    /** Sends to the follower now, entries if there are any. */
    void beat(Progress follower) {
        if (!replicate(follower)) {
            sendAppendEntry(follower, prevIndexOf(follower), List.of());
        }
    }

    /** Entries that only the disk held, for a follower that lags. */
    void onFetched(Progress follower, long firstIndex, List<Entry> entries) {
        List<Entry> held = heldOf(firstIndex, entries);
        if (follower.onFetched(firstIndex, !held.isEmpty())) {
            send(follower, held);
        }
    }

    /** Sends a piece of the snapshot. */
    void send(Progress follower, SnapshotChunk chunk) {
        long leaseMillis = askedLeaseMillis();
        node.send(
                follower.peer,
                new Message.InstallSnapshot(
                        node.term(), chunk, leaseMillis, lease.epoch(), lease.seqFor(node.now, leaseMillis)));
    }

    /** Sends what the follower lacks, as far as its window allows; whether anything was sent. */
    boolean replicate(Progress follower) {
        if (follower.isDiskFull()) {
            return replicateNoOps(follower);
        }
        sendSnapshot(follower);
        boolean sent = false;
        while (follower.nextIndex() <= node.log.lastIndex() && follower.maySend()) {
            if (follower.nextIndex() < node.log.firstInWindow()) {
                if (follower.isProbing()) {
                    send(follower, List.of()); // nothing is read from disk for a follower that may be gone
                    return true;
                }
                follower.onFetch(follower.nextIndex());
                node.output.diskTasks.add(
                        new Output.Fetch(follower.peer, follower.nextIndex(), parameters.batchBytesMax()));
                break;
            }
            send(
                    follower,
                    node.log.entries(follower.nextIndex(), parameters.batchBytesMax(), Parameters.BATCH_ENTRIES_MAX));
            sent = true;
        }
        return sent;
    }

    /** All that a follower takes while its disk is full; whether anything was sent. */
    private boolean replicateNoOps(Progress follower) {
        long first = follower.nextIndex();
        boolean inWindow = first >= node.log.firstInWindow() && first <= node.log.lastIndex();
        if (!inWindow || !follower.maySend() || node.log.entry(first).kind() != Entry.Kind.NO_OP) {
            return false;
        }
        send(follower, List.of(node.log.entry(first)));
        return true;
    }

    private void sendSnapshot(Progress follower) {
        Output.SnapshotFetch fetch = follower.sending() == null
                ? null
                : follower.sending().fetch(node.now, follower.peer, parameters.batchBytesMax());
        if (fetch != null) {
            node.output.diskTasks.add(fetch);
        }
    }

    private void send(Progress follower, List<Entry> entries) {
        long prevIndex = prevIndexOf(follower);
        sendAppendEntry(follower, prevIndex, entries);
        long bytes = 0;
        for (Entry entry : entries) {
            bytes += entry.length();
        }
        follower.onSent(prevIndex + entries.size(), bytes);
    }

    private void sendAppendEntry(Progress follower, long prevIndex, List<Entry> entries) {
        long leaseMillis = askedLeaseMillis();
        long stamp = follower.stamp();
        follower.onToldCommit(node.commitIndexToTell());
        node.send(
                follower.peer,
                new Message.AppendEntry(
                        node.term(),
                        new EntryId(prevIndex, node.log.term(prevIndex)),
                        entries,
                        node.commitIndexToTell(),
                        leaseMillis,
                        lease.epoch(),
                        lease.seqFor(node.now, leaseMillis),
                        stamp > 0 && vouches.getAsBoolean() ? new Message.Echo(stamp, node.commitIndex()) : null));
    }

    /** No promise is asked for before the term is open, and none while leadership is on its way to another node. */
    private long askedLeaseMillis() {
        return asksForPromises && !lease.isSuspended() ? node.timing().leaseMillis() : 0;
    }

    /** Where the follower's log may meet this one; the base, if it is further behind than this log reaches. */
    private long prevIndexOf(Progress follower) {
        return Math.max(follower.nextIndex() - 1, node.log.base().index());
    }

    /**
     * Those that this log still holds, as many as a message may carry: the fetch may be an earlier leadership's, and its tail
     * have been replaced since.
     */
    private List<Entry> heldOf(long firstIndex, List<Entry> entries) {
        int most = Math.min(entries.size(), Parameters.BATCH_ENTRIES_MAX);
        int count = 0;
        while (count < most
                && node.log.holds(
                        new EntryId(firstIndex + count, entries.get(count).term()))) {
            count++;
        }
        return entries.subList(0, count);
    }
}
