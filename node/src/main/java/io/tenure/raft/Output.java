package io.tenure.raft;

import java.util.ArrayList;
import java.util.List;

/**
 * Everything the core asks the world to do, in one place. Filled by {@code Raft.step}, emptied by the caller: log changes
 * after every step; then, once a turn, in this order: lease, events, persist, messages, committed entries, ready and refused
 * tickets (the lease is published before any message or reply of the same step leaves, LEASE.md 3.7).
 */
public final class Output {
    /** A message to a peer. */
    public record Send(int to, Message message) {}

    /** The ticket may be answered once the state machine has applied {@code index}. */
    public record Ready(long ticket, long index) {}

    /** The ticket will not be answered by this leadership. */
    public record Refused(long ticket, Refusal reason) {}

    /** Work for the disk that is not part of the log. */
    public sealed interface DiskTask {}

    /** Asks for entries that only the disk holds, on behalf of {@code peer}; answered by {@link Input.Fetched}. */
    public record Fetch(int peer, long firstIndex, int bytesMax) implements DiskTask {}

    /**
     * Asks for a piece of this node's snapshot, on behalf of {@code peer}; answered by {@link Input.SnapshotFetched}.
     *
     * @param wanted the snapshot that is being sent, {@link EntryId#NONE} for the newest; if it is gone, the newest from its
     *     beginning
     */
    public record SnapshotFetch(int peer, EntryId wanted, long offset, int bytesMax) implements DiskTask {}

    /**
     * Asks for what a damaged peer wants; answered by {@link Input.RepairRead}.
     *
     * @param commitIndex this node's, before anything is read
     */
    public record RepairRead(int peer, Message.RepairRequest request, long commitIndex) implements DiskTask {}

    /** A piece of a leader's snapshot, to be kept; one at a time, always answered by {@link Input.ChunkStored}. */
    public record StoreChunk(SnapshotChunk chunk) implements DiskTask {}

    /** The log changed: entries from {@code index} on were cut away, or {@code entry} was appended there. */
    public record LogChange(long index, Entry entry) {
        /** Whether this is a truncation. */
        public boolean isTruncation() {
            return entry == null;
        }
    }

    /** Why a request is not served here. */
    public enum Refusal {
        /** Certainly not done: this node does not lead. */
        NOT_LEADER,
        /** Certainly not done: strictLease is on and the leader has no lease. */
        NO_LEASE,
        /** Certainly not done: too much is under way. */
        BUSY,
        /** Certainly not done: this node does not lead, and no leader is known, or it does not answer. */
        LEADER_SILENT,
        /** Certainly not done: the index that the read is to reflect is not committed here yet. */
        BEHIND,
        /** Certainly not done: the disk of this node is full, or those of so many that no majority could store the write. */
        DISK_FULL,
        /** Certainly not done: the node asked for is not a member. */
        TARGET_UNKNOWN,
        /** Certainly not done: the node asked for, or every follower, has not answered of late. */
        TARGET_SILENT,
        /** Certainly not done: the node asked for lacks more than it can be sent at once. */
        TARGET_BEHIND,
        /** Certainly not done: leadership is on its way already. */
        TRANSFER_UNDER_WAY,
        /** Certainly not done: the node asked for did not take over in time, and this one leads on. */
        TRANSFER_ABORTED,
        /** This node leads no longer, and the node asked for does not, as far as is known. */
        TRANSFER_ASTRAY,
        /** The write was appended, then leadership was lost: it may still be committed by a later leader. */
        OUTCOME_UNKNOWN
    }

    final List<Send> messages = new ArrayList<>();
    final List<Entry> committed = new ArrayList<>();
    long committedFirstIndex;
    final List<Ready> ready = new ArrayList<>();
    final List<Refused> refused = new ArrayList<>();
    final List<DiskTask> diskTasks = new ArrayList<>();
    EntryId installed;
    final List<LogChange> logChanges = new ArrayList<>();
    final List<Event> events = new ArrayList<>();

    /** Messages that may leave now; what they depend on is durable. */
    public List<Send> messages() {
        return messages;
    }

    /** Entries newly committed, in order, the first at {@link #committedFirstIndex}. */
    public List<Entry> committed() {
        return committed;
    }

    public long committedFirstIndex() {
        return committedFirstIndex;
    }

    public List<Ready> ready() {
        return ready;
    }

    public List<Refused> refused() {
        return refused;
    }

    public List<DiskTask> diskTasks() {
        return diskTasks;
    }

    /**
     * A snapshot has taken the place of the log, up to this position; null if none has. It comes before {@link #committed},
     * and before the log changes.
     */
    public EntryId installed() {
        return installed;
    }

    /** Changes of the log in the order in which they happened. */
    public List<LogChange> logChanges() {
        return logChanges;
    }

    public List<Event> events() {
        return events;
    }

    /** Empties everything but the committed entries with their tickets, and the log changes: these have their own rhythm. */
    public void clear() {
        messages.clear();
        refused.clear();
        diskTasks.clear();
        events.clear();
    }

    /** Empties the committed entries, the installed snapshot and the tickets that are ready, once the applier has them. */
    public void clearCommitted() {
        installed = null;
        committed.clear();
        ready.clear();
    }
}
