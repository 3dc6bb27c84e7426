package io.tenure.raft;

import java.util.List;

/**
 * Leads a term: replicates, commits, and earns its lease with every round of messages (paper, 5.3; LEASE.md, 3.6). Writes are
 * replicated at once; only advancing the commit index waits for old leases. A leader never truncates its log.
 */
final class Leader implements RoleState {
    /** Client requests under way at once. */
    private static final int PENDING_MAX = 65_536;

    private final NodeState node;
    private final Parameters parameters;
    private final LeaderLease lease;
    private final CommitNotice notice;
    private final OldLeaseWait wait;
    private final Progress[] progress;
    private final PendingWrites writes = new PendingWrites();
    private final PendingReads reads;
    private final Replication replication;
    private final FullDisks disks;
    private final Succession succession;

    private boolean noOpAppended;
    private boolean ownCommitted;
    private Lease.Limbo limbo;
    private long readIndexFloor;
    /** Nobody was asked for a promise before: the count for stepping down starts here. */
    private long askedSinceNanos;

    private long heartbeatDueNanos;
    private long diskProofDueNanos;

    /** Takes office, with what the election learned of older leases. */
    Leader(NodeState node, OldLeaseWait wait) {
        this.node = node;
        this.parameters = node.parameters;
        this.wait = wait;
        this.lease = new LeaderLease(
                parameters.voters().size(),
                parameters.slotOf(node.self()),
                parameters.clockDriftMax(),
                node.timing().leaseMillis());
        this.progress = Progress.ofFollowers(parameters, node.log.lastIndex() + 1);
        this.replication = new Replication(node, lease, this::vouches);
        this.reads = new PendingReads(node);
        this.disks = new FullDisks(node, progress, lease);
        this.succession = new Succession(node, progress, lease, replication);
        this.notice = new CommitNotice(node.commitIndex());
        this.askedSinceNanos = node.now;
        this.heartbeatDueNanos = node.now;
        this.diskProofDueNanos = node.now + node.timing().electionTimeoutMaxNanos();
        node.leader = node.self();
        node.event(Event.Kind.BECAME_LEADER, node.self(), node.term());
        limbo = node.limboOfUncommitted();
        readIndexFloor = node.commitIndex();
        boolean waiting = wait.isPending(node.now);
        if (waiting) {
            node.event(Event.Kind.WAITING_FOR_OLD_LEASE, node.self(), node.term());
        }
        openTerm(waiting);
    }

    @Override
    public Role role() {
        return Role.LEADER;
    }

    @Override
    public long wakeAtNanos() {
        long failsAt = leaseBaseNanos() + leaseLengthNanos() + 1;
        long diskAt = node.durability.isIdle() ? diskProofDueNanos : node.diskHealthyUntilNanos() + 1;
        long wakeAt = Math.min(Math.min(heartbeatDueNanos, failsAt), Math.min(wait.endsAtNanos(), diskAt));
        wakeAt = Math.min(wakeAt, notice.dueNanos());
        for (Progress follower : progress) {
            if (follower.sending() != null && !follower.isDiskFull()) {
                wakeAt = Math.min(wakeAt, follower.sending().dueNanos(wakeAt));
            }
        }
        return wakeAt;
    }

    /** A client's write, encoded for this term. None is taken once leadership is on its way to another node. */
    void propose(long ticket, Entry entry) {
        Output.Refusal refusal = node.transfer != null ? Output.Refusal.BUSY : refusal();
        if (refusal == null && disks.refuseWrites()) {
            refusal = Output.Refusal.DISK_FULL;
        }
        if (refusal == null && node.uncommittedBytes() + entry.length() > parameters.uncommittedBytesMax()) {
            refusal = Output.Refusal.BUSY;
        }
        if (refusal != null) {
            node.output.refused.add(new Output.Refused(ticket, refusal));
            return;
        }
        if (entry.term() != node.term()) {
            throw new IllegalStateException("entry of term " + entry.term() + " in term " + node.term());
        }
        node.append(entry);
        writes.propose(ticket, node.log.lastIndex());
    }

    /** A repeat of a write that the log holds at {@code index}. */
    void await(long ticket, long index) {
        if (refusal() != null) {
            node.output.refused.add(new Output.Refused(ticket, Output.Refusal.OUTCOME_UNKNOWN));
        } else if (index <= node.commitIndex()) {
            node.output.ready.add(new Output.Ready(ticket, index));
        } else {
            writes.await(ticket, index);
        }
    }

    void read(long ticket) {
        Output.Refusal refusal = refusal();
        if (refusal != null) {
            node.output.refused.add(new Output.Refused(ticket, refusal));
        } else {
            reads.add(ticket);
        }
    }

    /** A follower asks for the commit index: no round is needed while nobody else can have committed anything. */
    void readIndex(int from, long number) {
        if (refusal() != null) {
            node.send(from, Message.ReadIndexReply.refusal(node.term(), number));
        } else if (vouches()) {
            readIndexFloor = Math.max(readIndexFloor, node.commitIndex());
            node.send(from, new Message.ReadIndexReply(node.term(), number, node.commitIndex()));
        } else {
            reads.addFor(from, number);
        }
    }

    /** Whether all that any client was told before this step is at or below the commit index (LEASE.md, 3.13). */
    private boolean vouches() {
        return ownCommitted && currentLease() != null;
    }

    /** An answer of this term: proof of stop, promise, contact, progress (LEASE.md, 3.6 onAppendReply). */
    void onAppendEntryReply(int from, Message.AppendEntryReply reply) {
        wait.heardFrom(from);
        Progress follower = progressOf(from);
        follower.onReachable();
        lease.onReply(node.now, follower.slot, reply.seq(), reply.leaseGranted());
        if (follower.forgetIfWentBack(reply)) {
            node.event(Event.Kind.FOLLOWER_WENT_BACK, from, node.term());
        }
        follower.onDiskSpace(reply.diskFull());
        follower.onStamp(reply.stamp());
        if (reply.success()) {
            long last = node.log.lastIndex();
            follower.onSuccess(
                    Math.min(reply.matchIndex(), last), Math.min(reply.receivedIndex(), last), lease.lastSeq());
        } else if (reply.seq() > 0) {
            onReject(follower, reply.hint());
        }
    }

    private void onReject(Progress follower, EntryId hint) {
        EntryId base = node.log.base();
        if (follower.sending() != null) {
            return;
        }
        if (hint.index() < base.index() && follower.matchIndex() < base.index()) {
            follower.sendSnapshot(new SnapshotSending(parameters, node.timing(), node.now));
        } else {
            follower.onReject(node.log.lastAtOrBelow(hint.index(), hint.term()).index());
        }
    }

    void onInstallSnapshotReply(int from, Message.InstallSnapshotReply reply) {
        wait.heardFrom(from);
        Progress follower = progressOf(from);
        follower.onReachable();
        lease.onReply(node.now, follower.slot, reply.seq(), reply.leaseGranted());
        if (follower.sending() == null) {
            return;
        }
        if (reply.installed()) {
            follower.onInstalled(Math.min(reply.last().index(), node.log.lastIndex()));
        } else if (reply.wantedOffset() >= 0) {
            follower.sending().onWanted(reply.last(), reply.wantedOffset());
        }
    }

    /** A piece of the snapshot, for a follower that lacks what the log has no more. */
    void onSnapshotFetched(int peer, SnapshotChunk chunk) {
        Progress follower = progressOf(peer);
        if (follower.sending() != null && follower.sending().onFetched(node.now, chunk)) {
            replication.send(follower, chunk);
        }
    }

    /** The log begins after {@code base} now. */
    void onCompacted(long base) {
        for (Progress follower : progress) {
            follower.onCompacted(base);
        }
    }

    /** A late vote reply of this term: proof of stop. */
    void onVoteReply(int from) {
        wait.heardFrom(from);
    }

    void onLinkLost(int peer) {
        progressOf(peer).onLinkLost();
    }

    void onLinkUp(int peer) {
        progressOf(peer).onReachable();
    }

    /** Begins to hand over; null, or why not. */
    Output.Refusal transfer(Input.Transfer request) {
        return succession.begin(request);
    }

    /** The successor did not take over: this node leads on, and has to be heard by a majority as before. */
    void abortTransfer() {
        askedSinceNanos = leaseBaseNanos();
        succession.abort();
    }

    /** What this leadership has claimed so far is over. */
    Release release() {
        return succession.release();
    }

    /** Entries that only the disk held, for a follower that lags. */
    void onFetched(int peer, long firstIndex, List<Entry> entries) {
        replication.onFetched(progressOf(peer), firstIndex, entries);
    }

    /** Whether leadership must end now, and why; null if it goes on (LEASE.md, 3.6 tick). */
    Event.Kind endsBecause() {
        if (node.now - leaseBaseNanos() > leaseLengthNanos()) {
            return Event.Kind.LEASE_RENEWAL_FAILED;
        }
        boolean nothingUnderWay = ownCommitted && node.commitIndex() == node.log.lastIndex();
        boolean cedes = disks.othersAreReady() && nothingUnderWay;
        return node.isDiskHealthy() && !cedes ? null : Event.Kind.STEPPING_DOWN;
    }

    /** Does once a turn what the inputs of the turn call for: commit, replicate, beat, read. */
    void finishTurn() {
        boolean waiting = wait.isPending(node.now);
        openTerm(waiting);
        if (!waiting) {
            advanceCommit();
        }
        succession.proceed();
        answerReads();
        boolean round = reads.needsRound() && ownCommitted;
        if (round) {
            reads.startRound(lease.newSeq(node.now), node.commitIndex());
        }
        boolean heartbeat = node.now - heartbeatDueNanos >= 0;
        if (heartbeat || round) {
            beat(heartbeat);
        } else {
            for (Progress follower : progress) {
                replication.replicate(follower);
            }
        }
        notice.turn(node.now, node.commitIndexToTell(), progress, replication::beat);
        if (progress.length == 0) {
            answerReads();
        }
        proveIdleDisk();
    }

    /** Once a follower may read what this node has not applied yet, those who read here by lease must not see less. */
    private void answerReads() {
        readIndexFloor = Math.max(readIndexFloor, reads.onQuorum(lease.quorumSeq()));
    }

    /** Leadership is over: nobody is left without an answer. */
    void end() {
        writes.onLeadershipLost(node.output);
        reads.onLeadershipLost();
    }

    /** The lease as readers may use it from now on; null if there is none. */
    Lease currentLease() {
        long end = lease.endNanos(node.now, node.now);
        boolean usable = end - node.now > 0 && (ownCommitted || !parameters.strictLease()) && node.isDiskHealthy();
        return usable ? new Lease(node.term(), lease.epoch(), end, readIndexFloor, limbo) : null;
    }

    /** Opens the term with a NO-OP: at once, or with strictLease after every old lease has run out (LEASE.md, 1.1). */
    private void openTerm(boolean waiting) {
        if (noOpAppended || (parameters.strictLease() && waiting)) {
            return;
        }
        noOpAppended = true;
        replication.askForPromises();
        askedSinceNanos = node.now;
        heartbeatDueNanos = node.now;
        node.appendNoOp();
    }

    /**
     * The commit rule: a majority holds it durably and it is of this term (paper, 5.4.2). Called only while no older lease
     * can be valid (deferred commit, LEASE.md 3.6).
     */
    private void advanceCommit() {
        long[] match = new long[parameters.voters().size()];
        for (Progress follower : progress) {
            match[follower.slot] = follower.matchIndex();
        }
        match[parameters.slotOf(node.self())] = node.durability.durableIndex();
        long reached = Quorum.reached(match);
        if (reached <= node.commitIndex() || node.log.term(reached) != node.term()) {
            return;
        }
        node.commitTo(reached);
        if (!ownCommitted) {
            ownCommitted = true;
            limbo = Lease.Limbo.NONE;
            readIndexFloor = reached;
        }
        writes.onCommit(reached, node.output);
    }

    /** Sends to every follower now, entries if there are any. */
    private void beat(boolean heartbeat) {
        if (heartbeat) {
            node.event(Event.Kind.HEARTBEAT, node.self(), node.term());
            node.adaptiveTiming.fit(node.now, lease.roundTrips());
            heartbeatDueNanos = node.now + node.timing().heartbeatNanos();
        }
        for (Progress follower : progress) {
            if (heartbeat) {
                follower.onHeartbeat();
            }
            replication.beat(follower);
        }
    }

    /** An idle leader proves its disk once per election timeout (DESIGN.md, D11). */
    private void proveIdleDisk() {
        if (node.durability.isIdle() && node.now - diskProofDueNanos >= 0) {
            node.durability.prove(node.now, node.hardState());
        }
        if (!node.durability.isIdle()) {
            diskProofDueNanos = node.now + node.timing().electionTimeoutMaxNanos();
        }
    }

    /** Why a client can't be served now; null if it can. */
    private Output.Refusal refusal() {
        if (writes.size() + reads.size() >= PENDING_MAX) {
            return Output.Refusal.BUSY;
        }
        return parameters.strictLease() && currentLease() == null ? Output.Refusal.NO_LEASE : null;
    }

    /** Since when no majority has renewed; while no promise is asked for, since when none has answered. */
    private long leaseBaseNanos() {
        long renewed = noOpAppended && !lease.isSuspended()
                ? lease.quorumSendNanos(node.now, askedSinceNanos)
                : lease.quorumContactNanos(askedSinceNanos);
        return Math.max(renewed, askedSinceNanos);
    }

    private long leaseLengthNanos() {
        return node.timing().leaseMillis() * Parameters.NANOS_PER_MILLI;
    }

    private Progress progressOf(int peer) {
        for (Progress follower : progress) {
            if (follower.peer == peer) {
                return follower;
            }
        }
        throw new IllegalArgumentException("node " + peer + " is not a follower");
    }
}
