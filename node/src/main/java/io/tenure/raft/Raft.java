package io.tenure.raft;

import java.util.function.LongFunction;
import java.util.random.RandomGenerator;

/**
 * Raft with leader leases as a pure state machine (DESIGN.md, D1; paper, figure 2; LEASE.md, section 3). Time comes in
 * with each input and jitter from a generator given at construction; nothing here reads a clock, logs, blocks or starts
 * anything. One thread at a time.
 *
 * <p>A turn: {@link #step} for each thing that happened (and a {@link Input.Tick} from {@link #wakeAtNanos} on), then one
 * {@link #finishTurn}, then everything in the {@link Output} is done, the lease of {@link #lease} first. {@link
 * #takePersist} is called whenever the journal can take one more write.
 */
public final class Raft {
    /** No leader is known. */
    public static final int NO_LEADER = -1;

    private final NodeState node;
    private RoleState role;
    private final Elections elections;
    private final Handover handover;
    private final Reads reads;

    /**
     * Starts as a follower, with what recovery found.
     *
     * @param noOp makes the entry that opens a term, already encoded
     * @param random the only source of jitter
     * @param bootNanos now, on the clock of all later steps
     */
    public Raft(
            Parameters parameters,
            Recovered recovered,
            LongFunction<Entry> noOp,
            RandomGenerator random,
            long bootNanos) {
        node = new NodeState(parameters, recovered, noOp, random, bootNanos);
        handover = new Handover(this, node);
        elections = new Elections(this, node, handover);
        reads = new Reads(this, node);
        role = new Follower(node);
    }

    /** Takes in one thing that happened, at {@code now}, which never goes back. */
    public void step(long now, Input input) {
        node.now = now;
        if (input instanceof Input.Receive receive) {
            onMessage(receive.from(), receive.message());
        } else if (input instanceof Input.Propose propose) {
            onPropose(propose);
        } else if (input instanceof Input.Await await) {
            onAwait(await);
        } else if (input instanceof Input.Read read) {
            reads.onRead(read.ticket());
        } else if (input instanceof Input.ReadHere read) {
            reads.onReadHere(read);
        } else if (input instanceof Input.Applied applied) {
            node.appliedIndex = applied.index();
        } else if (input instanceof Input.Persisted persisted) {
            onPersisted(persisted.seq());
        } else if (input instanceof Input.Fetched fetched) {
            if (role instanceof Leader leader) {
                leader.onFetched(fetched.peer(), fetched.firstIndex(), fetched.entries());
            }
        } else if (input instanceof Input.SnapshotFetched fetched) {
            if (role instanceof Leader leader) {
                leader.onSnapshotFetched(fetched.peer(), fetched.chunk());
            }
        } else if (input instanceof Input.ChunkStored stored) {
            node.storingChunk = false;
            if (role instanceof Follower follower) {
                follower.onChunkStored(stored);
            }
        } else if (input instanceof Input.SnapshotWritten written) {
            onCompacted(written.base());
        } else if (input instanceof Input.DiskSpace space) {
            node.onDiskSpace(space.full());
            if (!space.full() && role instanceof Follower follower) {
                follower.hastenElection();
            }
        } else if (input instanceof Input.LinkLost lost) {
            onLinkLost(lost.peer());
        } else if (input instanceof Input.LinkUp up) {
            onLinkUp(up.peer());
        } else if (input instanceof Input.PeerGone gone) {
            elections.onPeerGone(gone.peer());
        } else if (input instanceof Input.Transfer transfer) {
            handover.onTransfer(transfer);
        } else if (input instanceof Input.Stop stop) {
            onStop(stop);
        } else {
            onTick();
        }
    }

    /** Closes the turn: what piled up is replicated, committed and published together. */
    public Output finishTurn() {
        if (role instanceof Leader leader) {
            leader.finishTurn();
        }
        reads.finishTurn();
        node.evict();
        return node.output;
    }

    /** The output as it stands, for log changes between two steps. */
    public Output output() {
        return node.output;
    }

    /** The next write for the journal, or null; order and completion as {@link Persist} says. */
    public Persist takePersist() {
        return node.durability.take();
    }

    /** The lease that readers may use from now on, or null (LEASE.md, 3.7). */
    public Lease lease() {
        return role instanceof Leader leader ? leader.currentLease() : null;
    }

    /** How new the data of this node are, or null if that is not known (LEASE.md, 3.13). */
    public Freshness freshness() {
        return node.stamps.freshness();
    }

    /** When a {@link Input.Tick} is due though nothing else happens. */
    public long wakeAtNanos() {
        long wakeAt = Math.min(role.wakeAtNanos(), reads.wakeAtNanos());
        if (node.rejoining() != null) {
            wakeAt = Math.min(wakeAt, node.rejoining().wakeAtNanos());
        }
        return node.transfer == null ? wakeAt : Math.min(wakeAt, node.transfer.deadlineNanos());
    }

    /**
     * Whether requests of clients are to wait, as leadership is on its way to another node: that is decided within two
     * election timeouts, and then they are taken here, or sent where they can be (LEASE.md, 3.8).
     */
    public boolean holdsRequests() {
        return node.transfer != null;
    }

    /** Whether this node, told to stop, leads no more: once the output is done, the process may end. */
    public boolean hasResigned() {
        return handover.isStopping() && node.transfer == null && !(role instanceof Leader);
    }

    public Role role() {
        return role.role();
    }

    public long currentTerm() {
        return node.term();
    }

    /** Candidate voted for in this term, or {@link HardState#NO_VOTE}. */
    public int votedFor() {
        return node.votedFor();
    }

    /** Leader of this term as far as known, or {@link #NO_LEADER}. */
    public int leader() {
        return node.leader;
    }

    public long commitIndex() {
        return node.commitIndex();
    }

    /** The log, to look at; nobody but the core changes it. */
    public RaftLog log() {
        return node.log;
    }

    /** Up to here the log is on this node's disk. */
    public long durableIndex() {
        return node.durability.durableIndex();
    }

    /** Longest lease that this node has promised, in milliseconds. */
    public long leasePromisedMillisMax() {
        return node.hardState().leasePromisedMillisMax();
    }

    /** Heartbeat, lease and election timeout as they are now. */
    public Timing timing() {
        return node.timing();
    }

    /** Whether this node has forgotten its votes, so that it gives none yet. */
    public boolean isRejoining() {
        return node.rejoining() != null;
    }

    private void onMessage(int from, Message message) {
        if (from == node.self() || node.parameters.slotOf(from) < 0) {
            throw new IllegalArgumentException("message from node " + from + ", which is no peer");
        }
        if (message instanceof Message.AppendEntry append) {
            onAppendEntry(from, append);
        } else if (message instanceof Message.AppendEntryReply reply) {
            adoptTerm(reply.term());
            if (role instanceof Leader leader && reply.term() == node.term()) {
                leader.onAppendEntryReply(from, reply);
            }
        } else if (message instanceof Message.InstallSnapshot install) {
            onInstallSnapshot(from, install);
        } else if (message instanceof Message.InstallSnapshotReply reply) {
            adoptTerm(reply.term());
            if (role instanceof Leader leader && reply.term() == node.term()) {
                leader.onInstallSnapshotReply(from, reply);
            }
        } else if (message instanceof Message.RequestVote request) {
            elections.onRequestVote(from, request);
        } else if (message instanceof Message.RequestVoteReply reply) {
            elections.onRequestVoteReply(from, reply);
        } else if (message instanceof Message.TimeoutNow timeout) {
            elections.onTimeoutNow(timeout);
        } else if (message instanceof Message.LeaseRelease released) {
            onLeaseRelease(released.release());
        } else {
            reads.onMessage(from, message);
        }
    }

    private void onAppendEntry(int from, Message.AppendEntry append) {
        if (append.term() < node.term()) {
            node.event(Event.Kind.APPEND_REJECTED, from, node.term());
            // No seq: the sender may lead this term by the time it reads this, and its numbers have begun anew.
            node.send(
                    from,
                    new Message.AppendEntryReply(node.term(), 0, false, false, 0, 0, EntryId.NONE, node.diskFull));
            return;
        }
        adoptTerm(append.term());
        if (!isSilent()) {
            follow(from).onAppendEntry(from, append);
        }
    }

    private void onInstallSnapshot(int from, Message.InstallSnapshot install) {
        if (install.term() < node.term()) {
            EntryId last = install.chunk().last();
            long offset = Message.InstallSnapshotReply.NO_OFFSET;
            node.send(from, new Message.InstallSnapshotReply(node.term(), 0, false, last, offset, false));
            return;
        }
        adoptTerm(install.term());
        if (!isSilent()) {
            follow(from).onInstallSnapshot(from, install);
        }
    }

    /** Whether leaders get no answer. */
    private boolean isSilent() {
        return node.rejoining() != null && node.rejoining().isSilent();
    }

    private Follower follow(int leader) {
        if (role instanceof Leader) {
            throw new IllegalStateException("node " + leader + " leads term " + node.term() + " too");
        }
        if (role instanceof Candidate) {
            role = new Follower(node);
        }
        elections.onLeaderHeard();
        handover.onNextLeader(leader);
        return (Follower) role;
    }

    private void onCompacted(EntryId base) {
        node.compactTo(base);
        if (role instanceof Leader leader) {
            leader.onCompacted(node.log.base().index());
        }
    }

    /** Every message carries a term that its sender is really in; a later one ends whatever this node was (paper, 5.1). */
    void adoptTerm(long term) {
        if (term <= node.term()) {
            return;
        }
        boolean wasFollower = role instanceof Follower;
        if (role instanceof Leader) {
            stepDown();
        }
        node.enterTerm(term);
        if (wasFollower) {
            ((Follower) role).enterTerm();
        } else {
            role = new Follower(node);
        }
    }

    void lead(Candidate elected) {
        handover.onNextLeader(node.self());
        node.haste.end();
        role = new Leader(node, elected.oldLeaseWait());
    }

    RoleState roleState() {
        return role;
    }

    void become(RoleState changed) {
        role = changed;
    }

    /** The leadership of this node, or null. */
    Leader leading() {
        return role instanceof Leader leader ? leader : null;
    }

    void stepDown() {
        node.event(Event.Kind.STEPPING_DOWN, node.self(), node.term());
        ((Leader) role).end();
        node.leader = NO_LEADER;
        role = new Follower(node);
        handover.onStepDown();
    }

    private void onStop(Input.Stop stop) {
        if (role instanceof Candidate) {
            role = new Follower(node);
        }
        handover.onStop(stop);
    }

    private void onLeaseRelease(Release release) {
        node.releases.add(release);
        if (release.term() >= node.term()) {
            elections.onPeerGone(release.holder());
        }
    }

    private void onLinkLost(int peer) {
        if (role instanceof Leader leader) {
            leader.onLinkLost(peer);
        }
        handover.onLinkLost(peer);
    }

    private void onLinkUp(int peer) {
        handover.onLinkUp(peer);
        if (role instanceof Leader leader) {
            leader.onLinkUp(peer);
        }
    }

    private void onTick() {
        if (node.rejoining() != null) {
            node.rejoining().onTick();
        }
        handover.onTick();
        if (role instanceof Leader leader) {
            Event.Kind ending = leader.endsBecause();
            if (ending == Event.Kind.LEASE_RENEWAL_FAILED) {
                node.event(ending, node.self(), node.term());
            }
            if (ending != null) {
                stepDown();
            }
        } else if (role instanceof Follower follower && follower.isElectionDue()) {
            elections.onTimeout();
        } else if (role instanceof Candidate candidate && candidate.isTimedOut()) {
            elections.onTimeout();
        }
    }

    private void onPersisted(long seq) {
        node.durability.persisted(seq, node.output);
        EntryId installed = node.finishInstall();
        if (installed != null && role instanceof Follower follower) {
            follower.onInstalled(installed);
        }
        if (role instanceof Follower follower) {
            follower.onPersisted();
        } else if (role instanceof Candidate candidate && candidate.onPersisted()) {
            lead(candidate);
        }
    }

    private void onPropose(Input.Propose propose) {
        if (role instanceof Leader leader) {
            leader.propose(propose.ticket(), propose.entry());
        } else {
            node.refuse(propose.ticket(), Output.Refusal.NOT_LEADER);
        }
    }

    private void onAwait(Input.Await await) {
        if (role instanceof Leader leader) {
            leader.await(await.ticket(), await.index());
        } else {
            node.refuse(await.ticket(), Output.Refusal.OUTCOME_UNKNOWN);
        }
    }
}
