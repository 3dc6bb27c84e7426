package io.tenure.node;

import io.tenure.handoff.ApplyBatch;
import io.tenure.handoff.ClientRing;
import io.tenure.handoff.DiskSpace;
import io.tenure.handoff.Inbox;
import io.tenure.handoff.NodeStatus;
import io.tenure.handoff.PeerSender;
import io.tenure.handoff.ReceivedSnapshot;
import io.tenure.handoff.Reply;
import io.tenure.raft.Freshness;
import io.tenure.raft.Input;
import io.tenure.raft.Lease;
import io.tenure.raft.Output;
import io.tenure.raft.Persist;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * Everything that lies between the raft agent and the others. Peers and clients come in apart, so that client load can't
 * cause elections (DESIGN.md, D8).
 *
 * @param peers messages of peers
 * @param clients requests of clients
 * @param completions entries read from disk, lost links
 * @param persistedSeq sequence number up to which writes are forced
 * @param journal writes to do
 * @param diskTasks what to read from disk for peers, and pieces of a snapshot to keep
 * @param sender the way to the peers
 * @param applier what is committed
 * @param replies answers that need no applying
 * @param commitIndex the commit index, for the journal to note
 * @param received what was verified last of snapshots from leaders
 * @param freshness how new the data are, for readers
 * @param appliedIndex what readers see at least
 * @param disk how much room the disk has, as last told
 */
record RaftRings(
        Inbox<Input.Receive> peers,
        ClientRing clients,
        Inbox<Input> completions,
        AtomicLong persistedSeq,
        Inbox<Persist> journal,
        Inbox<Output.DiskTask> diskTasks,
        PeerSender sender,
        Inbox<ApplyBatch> applier,
        Inbox<Reply> replies,
        AtomicReference<Lease> lease,
        AtomicReference<NodeStatus> status,
        AtomicLong commitIndex,
        AtomicReference<ReceivedSnapshot> received,
        AtomicReference<Freshness> freshness,
        LongSupplier appliedIndex,
        AtomicReference<DiskSpace> disk) {
    /** Messages of peers that wait; each leader has at most a quarter of them in flight. */
    static final int PEER_MESSAGES_MAX = 1024;

    /** Things told to the core by its own node that wait. */
    static final int COMPLETIONS_MAX = 256;

    /** Places of these for what the core has asked for, however many links are lost and whatever peers ask. */
    static final int COMPLETIONS_RESERVED = COMPLETIONS_MAX / 2;

    /** Writes that wait for the disk, each all that piled up in a turn or more. */
    static final int PERSISTS_MAX = 8;

    /** Reads for peers that wait, at most two each, and pieces of one snapshot. */
    static final int DISK_TASKS_MAX = 128;

    /** Snapshots to write and load that wait. */
    static final int SNAPSHOT_TASKS_MAX = 64;

    /** Batches that wait to be applied, one a turn. */
    static final int APPLY_BATCHES_MAX = 1024;

    /**
     * Answers that wait for the network. The core has at most a quarter as many requests under way, and takes none in while
     * this is half full: so there is always a place, even if leadership ends and all are refused at once.
     */
    static final int REPLIES_MAX = 262_144;
}
