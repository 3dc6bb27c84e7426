package io.tenure.raft;

import java.util.List;

/** Everything that can happen to the core (DESIGN.md, D1). */
public sealed interface Input {
    /** Nobody waits for an answer. */
    long NO_TICKET = -1;

    /** A message of a peer arrived. */
    record Receive(int from, Message message) implements Input {}

    /**
     * A client's write, already encoded for the current term. Answered by {@link Output.Ready} once committed, or by
     * {@link Output.Refused}.
     */
    record Propose(long ticket, Entry entry) implements Input {}

    /** A client repeats a write that the log holds at {@code index}: waits for that one (DESIGN.md, D6). */
    record Await(long ticket, long index) implements Input {}

    /** A linearizable read without lease: ReadIndex (thesis, 6.4). Answered by {@link Output.Ready}. */
    record Read(long ticket) implements Input {}

    /**
     * A read that any node may answer (LEASE.md, 3.13). Answered by {@link Output.Ready}, or by {@link Output.Refused} after an
     * election timeout at the latest.
     *
     * @param index what must be committed before, or {@link #NEWEST}
     */
    record ReadHere(long ticket, long index) implements Input {
        /** All that is committed when the read is asked: a linearizable read. */
        public static final long NEWEST = -1;
    }

    /**
     * This node's readers see everything up to {@code index}, its applied index, which they soon may go beyond. Until told for the
     * first time the core takes it that nobody reads here but by what is committed.
     */
    record Applied(long index) implements Input {}

    /**
     * Leadership is to move. Answered by {@link Output.Ready} once the target leads, or by {@link Output.Refused}.
     *
     * @param ticket who asks, or {@link #NO_TICKET}
     * @param target node that is to lead, or {@link #ANY}
     * @param patienceNanos after so long it is given up, or after an election timeout if that is shorter
     */
    record Transfer(long ticket, int target, long patienceNanos) implements Input {
        /** Whichever follower has most of the log. */
        public static final int ANY = -1;
    }

    /**
     * This node is about to stop: it leads no longer than it must, and never again. See {@code Raft.hasResigned}.
     *
     * @param patienceNanos what handing over may take
     */
    record Stop(long patienceNanos) implements Input {}

    /** All writes with a sequence number up to {@code seq} are forced to disk. */
    record Persisted(long seq) implements Input {}

    /** Entries read from disk for {@link Output.Fetch}; empty if they could not be had. */
    record Fetched(int peer, long firstIndex, List<Entry> entries) implements Input {}

    /** What was read for a damaged peer; goes out as it is. */
    record RepairRead(int peer, Message.RepairReply reply) implements Input {}

    /** A piece of this node's snapshot, read for {@link Output.SnapshotFetch}; null if there is no snapshot. */
    record SnapshotFetched(int peer, SnapshotChunk chunk) implements Input {}

    /**
     * A piece of a leader's snapshot was written, or was not what was wanted.
     *
     * @param last the snapshot it is of
     * @param wantedOffset where the next piece must begin; -1 if nobody looked at it
     * @param verified whether all of it is here, forced, and what the leader wrote
     */
    record ChunkStored(EntryId last, long wantedOffset, boolean verified) implements Input {}

    /**
     * A snapshot of this node's own is on disk, or was given up.
     *
     * @param last the last entry that it includes
     * @param bytes its size, 0 if it was given up
     * @param base what the log files begin after by now
     */
    record SnapshotWritten(EntryId last, long bytes, EntryId base) implements Input {}

    /** Whether this node's disk has less left than its reserve; false until told otherwise. Told again and again while it has. */
    record DiskSpace(boolean full) implements Input {}

    /** The link to a peer closed: what was in flight may be lost. */
    record LinkLost(int peer) implements Input {}

    /** Nobody listens at a peer whose link closed: its process is gone, most likely. A hint, no proof (LEASE.md, 3.9). */
    record PeerGone(int peer) implements Input {}

    /** A link to a peer stands, for the first time or again. */
    record LinkUp(int peer) implements Input {}

    /** Time passed. Needed at {@code Raft.wakeAtNanos}; harmless at any time. */
    record Tick() implements Input {}
}
