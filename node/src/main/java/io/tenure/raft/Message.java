package io.tenure.raft;

import java.util.List;

/** What peers send each other. Durations and opaque sequence numbers only, never a time of day (LEASE.md, 3.4). */
public sealed interface Message {
    /** The sender's current term; in a pre-vote request the term that the sender would stand for. */
    long term();

    /**
     * Asks for a vote (paper, 5.2), or with {@code preVote} whether one would be given (thesis, 9.6).
     *
     * <p>A vote is given however short a time ago a leader was heard of: only pre-votes are sticky (LEASE.md, 3.9). So a
     * successor that was asked to stand needs no more than to leave the pre-vote out.
     *
     * @param last the candidate's last entry
     * @param release of the leader that asked the candidate to stand; null if none did
     */
    record RequestVote(long term, boolean preVote, EntryId last, Release release) implements Message {
        /** Asks in a candidate's own name. */
        public RequestVote(long term, boolean preVote, EntryId last) {
            this(term, preVote, last, null);
        }
    }

    /**
     * Answers {@link RequestVote}.
     *
     * @param requestTerm term of the request that this answers; replies to older requests are recognised by it
     * @param oldLeases every promise of the voter that has not run out, granted or not (LEASE.md, 3.5)
     */
    record RequestVoteReply(long term, boolean preVote, boolean granted, long requestTerm, List<OldLease> oldLeases)
            implements Message {}

    /**
     * Replicates entries; without any it is a heartbeat. Asks for a lease promise of {@code leaseMillis} from its receipt.
     *
     * @param prev the entry before the first of {@code entries}
     * @param leaderCommit the leader's commit index
     * @param leaseMillis promise asked for; 0 asks for none
     * @param leaseEpoch the leader's lease epoch within its term
     * @param seq the leader's number for this message, echoed in the reply; by it the leader finds the send time
     * @param echo how new the follower's data can be; null if the leader can't vouch for it
     */
    record AppendEntry(
            long term,
            EntryId prev,
            List<Entry> entries,
            long leaderCommit,
            long leaseMillis,
            long leaseEpoch,
            long seq,
            Echo echo)
            implements Message {
        /** Says nothing of how new the data are. */
        public AppendEntry(
                long term,
                EntryId prev,
                List<Entry> entries,
                long leaderCommit,
                long leaseMillis,
                long leaseEpoch,
                long seq) {
            this(term, prev, entries, leaderCommit, leaseMillis, leaseEpoch, seq, null);
        }
    }

    /**
     * A leader with a lease, that has committed in its term, has seen that number of the follower (LEASE.md, 3.13).
     *
     * @param stamp the follower's number
     * @param commitIndex the leader's commit index since; it may be beyond {@code leaderCommit}
     */
    record Echo(long stamp, long commitIndex) {}

    /**
     * Answers {@link AppendEntry}: once on receipt, and once more when what it carried is durable (DESIGN.md, D11).
     *
     * @param seq echo of the request's; 0 in the second reply and in one to an earlier term, which prove nothing about time
     * @param leaseGranted whether the promise was made; a log mismatch still grants it
     * @param success whether {@code prev} was found
     * @param matchIndex if successful: up to here this log is durable and the leader's
     * @param receivedIndex if successful: up to here this log is the leader's, durable or not
     * @param hint if not successful: where to look for the last common entry (largest index at or below
     *     {@code prev.index - 1} whose term is at most {@code prev.term})
     * @param diskFull whether the follower's disk is full: then it has taken no writes of the request
     * @param stamp the follower's number for this message, by which it finds the send time; 0 for none
     */
    record AppendEntryReply(
            long term,
            long seq,
            boolean leaseGranted,
            boolean success,
            long matchIndex,
            long receivedIndex,
            EntryId hint,
            boolean diskFull,
            long stamp)
            implements Message {
        /** Without a number of the follower's. */
        public AppendEntryReply(
                long term,
                long seq,
                boolean leaseGranted,
                boolean success,
                long matchIndex,
                long receivedIndex,
                EntryId hint,
                boolean diskFull) {
            this(term, seq, leaseGranted, success, matchIndex, receivedIndex, hint, diskFull, 0);
        }
    }

    /**
     * A follower asks its leader up to where the log is committed, as clients read at the follower (LEASE.md, 3.13).
     *
     * @param number never used before by this follower, in no life of it
     */
    record ReadIndex(long term, long number) implements Message {}

    /**
     * Answers {@link ReadIndex}: when this was sent the sender led, and had committed that much.
     *
     * @param index the leader's commit index; -1 if it can't tell
     */
    record ReadIndexReply(long term, long number, long index) implements Message {
        /** The sender does not lead, or has too much under way. */
        public static ReadIndexReply refusal(long term, long number) {
            return new ReadIndexReply(term, number, -1);
        }

        /** Whether there is no index. */
        public boolean isRefusal() {
            return index < 0;
        }
    }

    /**
     * Sends a piece of the leader's snapshot, to a follower that lacks entries which the leader's log has no more (paper,
     * figure 13). Asks for a lease promise as {@link AppendEntry} does, so that a long transfer costs no lease.
     */
    record InstallSnapshot(long term, SnapshotChunk chunk, long leaseMillis, long leaseEpoch, long seq)
            implements Message {}

    /**
     * Answers {@link InstallSnapshot}: once on receipt, and once more when the piece is on disk.
     *
     * @param seq echo of the request's; 0 in the second reply
     * @param leaseGranted whether the promise was made
     * @param last the snapshot this is about
     * @param wantedOffset where the next piece must begin; -1 if this reply does not say
     * @param installed whether the follower's log holds {@code last} now
     */
    record InstallSnapshotReply(
            long term, long seq, boolean leaseGranted, EntryId last, long wantedOffset, boolean installed)
            implements Message {
        /** What {@link #wantedOffset} is if the reply does not say. */
        public static final long NO_OFFSET = -1;
    }

    /**
     * A leader has its successor stand at once (thesis, 3.10), and says that it claims no lease any more.
     *
     * @param release to be passed on to the voters
     */
    record TimeoutNow(long term, Release release) implements Message {}

    /**
     * The sender's leases are over, as it stops or was started anew (LEASE.md, 3.8). Ends no term: a node that is back tells
     * of its own, which may be one that nobody else is in.
     */
    record LeaseRelease(long term, Release release) implements Message {}

    /**
     * A node whose files are damaged asks for what they lack, before it takes part: entries, or else a piece of a snapshot. Not
     * for the core, and it proves nothing of any lease.
     *
     * @param firstIndex index of the first entry that is wanted; 0 to ask for a snapshot
     * @param snapshot which snapshot the piece is of, {@link EntryId#NONE} for the peer's present one
     * @param offset where the piece begins
     * @param lowestIndex a snapshot that does not reach this index is no help: the peer makes one that does, once it can
     */
    record RepairRequest(long firstIndex, EntryId snapshot, long offset, long lowestIndex) implements Message {
        /** Asks for entries. */
        public static RepairRequest entries(long firstIndex) {
            return new RepairRequest(firstIndex, EntryId.NONE, 0, 0);
        }

        /** The sender has none to tell. */
        @Override
        public long term() {
            return 0;
        }
    }

    /**
     * Answers {@link RepairRequest}.
     *
     * @param term that of the sender's metadata, which may lag behind its log after a crash
     * @param commitIndex up to here the entries are committed, as the sender knew before it read them
     * @param log {@link RepairEntries#NONE} if a snapshot was asked for
     * @param chunk a piece of a snapshot, or null
     * @param copy what the sender can be expected to have
     */
    record RepairReply(long term, long commitIndex, RepairEntries log, SnapshotChunk chunk, RepairCopy copy)
            implements Message {}

    /**
     * A stretch of the log of a node that answers {@link RepairRequest}.
     *
     * @param firstIndex index of the first of {@code entries}
     * @param previousTerm term of the entry before the first; {@link EntryId#NONE}'s if the node can't tell
     * @param entries maybe none
     */
    record RepairEntries(long firstIndex, long previousTerm, List<Entry> entries) {
        /** Nothing of the log. */
        public static final RepairEntries NONE = new RepairEntries(0, EntryId.NONE.term(), List.of());

        /** Null if it is not among these. */
        public Entry at(long index) {
            long place = index - firstIndex;
            return place >= 0 && place < entries.size() ? entries.get((int) place) : null;
        }

        /** Term of the entry before this one, which is among these; {@link EntryId#NONE}'s if it is not known. */
        public long termBefore(long index) {
            return index == firstIndex ? previousTerm : at(index - 1).term();
        }
    }

    /**
     * How the files of a node stand that answers {@link RepairRequest}.
     *
     * @param repairing whether it repairs them itself, so that it takes no part, and makes no snapshot
     * @param damaged whether its own copy of what was asked for is damaged, too
     * @param snapshotIndex last index that its snapshot includes; 0 if it has no good one
     */
    record RepairCopy(boolean repairing, boolean damaged, long snapshotIndex) {}
}
