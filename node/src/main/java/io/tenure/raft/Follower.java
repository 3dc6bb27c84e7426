package io.tenure.raft;

import java.util.List;

/** Follows whoever leads its term: takes entries, promises leases, and waits for an election timeout (paper, 5.2). */
final class Follower implements RoleState {
    private final NodeState node;
    private long electionDeadlineNanos;
    /** Up to here this log is known to equal the leader's: through checked prefixes, never by assumption. */
    private long verifiedIndex;

    private long acknowledgedIndex;
    /** What the leader has committed, as it said when asked; this log may not reach so far yet. */
    private long confirmedCommit;

    Follower(NodeState node) {
        this.node = node;
        resetElectionTimer();
    }

    @Override
    public Role role() {
        return Role.FOLLOWER;
    }

    @Override
    public long wakeAtNanos() {
        return electionDeadlineNanos;
    }

    boolean isElectionDue() {
        return node.now - electionDeadlineNanos >= 0;
    }

    /** Draws a new timeout: on a leader's message, and on granting a vote (LEASE.md 4, #38). */
    void resetElectionTimer() {
        electionDeadlineNanos = node.now + node.drawElectionTimeoutNanos();
    }

    /** Room on the disk may make the timeout shorter, never longer: room that comes and goes doesn't put off an election. */
    void hastenElection() {
        electionDeadlineNanos = Math.min(electionDeadlineNanos, node.now + node.drawElectionTimeoutNanos());
    }

    /** Stands after {@code nanos} at the latest, unless there is word of a leader. */
    void stand(long nanos) {
        electionDeadlineNanos = Math.min(electionDeadlineNanos, node.now + nanos);
    }

    /** In a new term nothing is known to equal the new leader's log. The election timer runs on. */
    void enterTerm() {
        verifiedIndex = 0;
        acknowledgedIndex = 0;
        confirmedCommit = 0;
    }

    /** The leader of this term was asked, and has committed that much. */
    void onReadIndex(long index) {
        confirmedCommit = Math.max(confirmedCommit, index);
        if (!node.isInstalling()) {
            node.commitTo(Math.min(confirmedCommit, verifiedIndex));
        }
    }

    /** AppendEntry of the leader of this term (paper, figure 2; LEASE.md, 3.5). */
    void onAppendEntry(int from, Message.AppendEntry message) {
        node.adaptiveTiming.follow(message.leaseMillis());
        resetElectionTimer();
        node.leader = from;
        boolean granted = promiseLease(from, message.leaseMillis(), message.term(), message.leaseEpoch());
        EntryId prev = message.prev();
        if (node.isInstalling()) {
            // The log is being replaced: the leader keeps its promise, and asks again. It is not contradicted: what was
            // acknowledged to it is in the snapshot.
            EntryId hint = node.log.lastAtOrBelow(prev.index(), prev.term());
            node.send(from, reply(message.seq(), granted, false, hint));
            return;
        }
        // What the log has no more is committed, hence the same in every leader's log.
        if (prev.index() >= node.log.base().index() && !node.log.holds(prev)) {
            reject(from, message, granted);
            return;
        }
        List<Entry> entries = node.diskFull ? withoutNewWrites(message) : message.entries();
        if (appendNew(prev.index(), entries)) {
            node.event(Event.Kind.APPEND_ACCEPTED, from, node.term());
        }
        long receivedIndex = prev.index() + entries.size();
        verifiedIndex = Math.max(verifiedIndex, receivedIndex);
        node.commitTo(Math.min(Math.max(message.leaderCommit(), confirmedCommit), verifiedIndex));
        acknowledgedIndex = Math.min(node.durability.durableIndex(), verifiedIndex);
        node.send(from, reply(message.seq(), granted, true, EntryId.NONE));
        if (node.rejoining() != null) {
            node.rejoining().onAppendEntry(verifiedIndex, message.leaderCommit());
        }
        if (message.echo() != null) {
            node.stamps.onEcho(message.echo(), node.appliedIndex);
        }
    }

    /** The second reply: what was received has become durable (DESIGN.md, D11). */
    void onPersisted() {
        long durable = Math.min(node.durability.durableIndex(), verifiedIndex);
        if (node.leader != Raft.NO_LEADER && durable > acknowledgedIndex) {
            acknowledgedIndex = durable;
            node.send(node.leader, reply(0, false, true, EntryId.NONE));
        }
        if (node.rejoining() != null) {
            node.rejoining().onPersisted();
        }
    }

    /** A piece of the leader's snapshot (paper, figure 13); it is of no use if this log holds what the snapshot ends with. */
    void onInstallSnapshot(int from, Message.InstallSnapshot message) {
        node.adaptiveTiming.follow(message.leaseMillis());
        resetElectionTimer();
        node.leader = from;
        boolean granted = promiseLease(from, message.leaseMillis(), message.term(), message.leaseEpoch());
        EntryId last = message.chunk().last();
        boolean held = last.index() <= node.commitIndex() || node.log.holds(last);
        if (held) {
            verifiedIndex = Math.max(verifiedIndex, last.index());
            node.commitTo(last.index());
        } else if (!node.isInstalling() && !node.storingChunk && !node.diskFull) {
            // One at a time: a piece of another leader's snapshot would drop one that is just found complete.
            node.storingChunk = true;
            node.output.diskTasks.add(new Output.StoreChunk(message.chunk()));
        }
        node.send(
                from,
                new Message.InstallSnapshotReply(
                        node.term(),
                        message.seq(),
                        granted,
                        last,
                        Message.InstallSnapshotReply.NO_OFFSET,
                        held && last.index() <= node.durability.durableIndex()));
    }

    /** A piece is on disk; with the last one the snapshot takes the place of the log, unless it has become needless. */
    void onChunkStored(Input.ChunkStored stored) {
        if (node.isInstalling() || node.leader == Raft.NO_LEADER) {
            return;
        }
        EntryId last = stored.last();
        if (stored.verified() && last.index() > node.commitIndex() && !node.log.holds(last)) {
            node.startInstall(last);
        }
        node.send(
                node.leader,
                new Message.InstallSnapshotReply(node.term(), 0, false, last, stored.wantedOffset(), false));
    }

    /** A snapshot has taken the place of the log: every leader's log holds what it ends with, as that is committed. */
    void onInstalled(EntryId last) {
        verifiedIndex = last.index();
        acknowledgedIndex = last.index();
        if (node.leader != Raft.NO_LEADER) {
            node.send(
                    node.leader,
                    new Message.InstallSnapshotReply(
                            node.term(), 0, false, last, Message.InstallSnapshotReply.NO_OFFSET, true));
        }
    }

    /** A stalled disk promises nothing, so that its leader is not kept alive by it (DESIGN.md, D11). */
    private boolean promiseLease(int from, long leaseMillis, long term, long epoch) {
        if (leaseMillis <= 0 || !node.isDiskHealthy()) {
            return false;
        }
        node.ensureLeasePromised(leaseMillis);
        node.promises.grant(node.now, from, term, epoch, leaseMillis);
        return true;
    }

    private void reject(int from, Message.AppendEntry message, boolean granted) {
        EntryId prev = message.prev();
        if (prev.index() <= node.commitIndex()) {
            throw new IllegalStateException("leader " + from + " contradicts committed entry " + prev.index());
        }
        node.event(Event.Kind.APPEND_REJECTED, from, node.term());
        node.send(from, reply(message.seq(), granted, false, hintFor(prev)));
    }

    /** Never below what this node has acknowledged in this term: so a leader sees it if that has been lost. */
    private EntryId hintFor(EntryId prev) {
        return node.log.lastAtOrBelow(prev.index() - 1, prev.term());
    }

    /**
     * The entries before the first write that this log lacks: all that is taken while the disk is full, as if the leader had
     * sent no more. NO-OPs are few and small, and a new leader can't serve all reads before its own is committed.
     */
    private List<Entry> withoutNewWrites(Message.AppendEntry message) {
        List<Entry> entries = message.entries();
        int count = 0;
        while (count < entries.size()) {
            Entry entry = entries.get(count);
            long index = message.prev().index() + count + 1;
            boolean held = index <= node.log.base().index()
                    || (index <= node.log.lastIndex() && node.log.term(index) == entry.term());
            if (!held && entry.kind() != Entry.Kind.NO_OP) {
                break;
            }
            count++;
        }
        return entries.subList(0, count);
    }

    /** Appends what is new; truncates only on a real conflict, as messages may be late or repeated (LEASE.md 4, #4). */
    private boolean appendNew(long prevIndex, List<Entry> entries) {
        boolean appended = false;
        long index = prevIndex;
        for (Entry entry : entries) {
            index++;
            if (index <= node.log.base().index()) {
                continue;
            }
            if (index <= node.log.lastIndex()) {
                if (node.log.term(index) == entry.term()) {
                    continue;
                }
                node.truncateFrom(index);
            }
            node.append(entry);
            appended = true;
        }
        return appended;
    }

    private Message.AppendEntryReply reply(long seq, boolean granted, boolean success, EntryId hint) {
        return new Message.AppendEntryReply(
                node.term(),
                seq,
                granted,
                success,
                success ? acknowledgedIndex : 0,
                success ? verifiedIndex : 0,
                hint,
                node.diskFull,
                node.appliedIndex == NodeState.NOT_TOLD ? 0 : node.stamps.next(node.now));
    }
}
