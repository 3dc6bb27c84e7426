package io.tenure.sim;

import io.tenure.raft.EntryId;
import io.tenure.raft.Message;
import java.util.ArrayList;
import java.util.List;

/** Sees everything and shows it to every invariant. */
final class Witness {
    private final List<Invariant> invariants = new ArrayList<>();
    private final Committed committed = new Committed();
    private final RaftInvariants.ElectionSafety elections;
    private final LeaderInvariants.LimboGuard limbo;
    private final ClientInvariants.ReadsAreFresh reads;
    private final ClientInvariants.AgeIsTrue ages;
    private final ClientInvariants.SessionsGoForward sessions = new ClientInvariants.SessionsGoForward();
    private final StoreIsReplay state;
    private final ReleaseOnlyAfterStop released;
    private final DurableState durable;
    private final DurabilityInvariants.StoredIsDurable stored;
    private int compactions;
    private int installs;
    private int leaseReads;
    private int earlyLeaseReads;

    /** Makes it; without {@code clocksKeepBound}, what is said of leases in terms of clocks is not looked at. */
    Witness(Timeline timeline, List<SimNode> nodes, boolean clocksKeepBound) {
        int count = nodes.size();
        durable = new DurableState(count);
        KnownReleases releases = new KnownReleases(count);
        KnownPromises promises = new KnownPromises(count, releases);
        released = new ReleaseOnlyAfterStop(releases);
        elections = new RaftInvariants.ElectionSafety(count);
        stored = new DurabilityInvariants.StoredIsDurable(count);
        limbo = new LeaderInvariants.LimboGuard(count);
        reads = new ClientInvariants.ReadsAreFresh(timeline, committed);
        ages = new ClientInvariants.AgeIsTrue(reads, clocksKeepBound);
        state = new StoreIsReplay(committed);
        // In an order in which the one that names the cause speaks before the one that sees its effect.
        invariants.add(new DurabilityInvariants.VoteIsDurable(durable));
        invariants.add(elections);
        invariants.add(new RaftInvariants.TermAndCommitMonotone(count));
        invariants.add(stored);
        invariants.add(new RaftInvariants.LogMatching());
        invariants.add(new RaftInvariants.OncePerLog(count));
        invariants.add(new RaftInvariants.LeaderAppendOnly(count));
        invariants.add(released);
        if (clocksKeepBound) {
            invariants.add(new LeaseInvariants.PromiseBacksClaim(timeline, promises));
            invariants.add(new LeaseInvariants.VoterTellsPromises(timeline, promises));
            invariants.add(new WaitCovers(timeline, count, releases));
        }
        invariants.add(new DurabilityInvariants.PromiseIsRemembered(durable, promises));
        invariants.add(limbo);
        invariants.add(new LeaseInvariants.LeaseDisjointFromCommit(nodes));
        invariants.add(new LeaderInvariants.LeaderStepsDown(count));
        invariants.add(new LeaderInvariants.LeaderHasDisk(count));
        invariants.add(new RaftInvariants.StateMachineSafety(count, committed));
        invariants.add(new DurabilityInvariants.CommittedIsDurable(nodes, stored));
        invariants.add(new RaftInvariants.LeaderCompleteness(count, committed));
        invariants.add(reads);
        invariants.add(state);
    }

    Committed committed() {
        return committed;
    }

    /** Leaderships so far. */
    int leaderships() {
        return elections.leaderships();
    }

    ClientInvariants.ReadsAreFresh reads() {
        return reads;
    }

    ClientInvariants.AgeIsTrue ages() {
        return ages;
    }

    ClientInvariants.SessionsGoForward sessions() {
        return sessions;
    }

    /** A process has recovered. */
    void started(SimNode node) {
        LogMirror recovered = new LogMirror();
        recovered.update(node.raft.log(), committed, node::logStartOffset);
        node.recoveredSame = node.log.sameUpTo(recovered);
        node.wasCut = node.repairBegun && committed.contradicts(node.log, node.recoveredSame + 1);
        node.repairBegun = false;
        node.log = recovered;
        node.base = node.raft.log().base();
        for (Invariant invariant : invariants) {
            invariant.onStart(node);
        }
    }

    /** The node's folder is lost, or an old copy has taken its place. What it held counts for it until it has caught up. */
    void forgot(SimNode node) {
        long had = stored.forget(node);
        if (node.lostLog == null) {
            node.lostLog = node.log;
            node.lostStored = had;
        }
        node.log = new LogMirror();
        durable.forget(node);
    }

    /** The node's metadata is lost, its log is not. */
    void forgotVotes(SimNode node) {
        durable.forget(node);
    }

    /** A bit is about to turn on the node's disk. */
    void beforeRot(SimNode node) {
        stored.beforeRot(node);
    }

    void died(SimNode node) {
        for (Invariant invariant : invariants) {
            invariant.onDeath(node);
        }
    }

    /** The raft agent of a node has had a turn. */
    void turned(SimNode node) {
        EntryId base = node.raft.log().base();
        if (!base.equals(node.base)) {
            boolean dropped = base.index() <= node.log.lastIndex() && node.log.term(base.index()) == base.term();
            compactions += dropped ? 1 : 0;
            installs += dropped ? 0 : 1;
            node.base = base;
        }
        long firstChanged = node.log.update(node.raft.log(), committed, node::logStartOffset);
        for (Invariant invariant : invariants) {
            invariant.onTurn(node, firstChanged);
        }
    }

    /** A node answered a read by its lease alone. */
    void leaseRead(SimNode node, String key) {
        leaseReads++;
        if (node.isAlive()) {
            released.onLeaseRead(node);
        }
        if (node.isAlive() && limbo.onLeaseRead(node, key)) {
            earlyLeaseReads++;
        }
    }

    /** The snapshot stage of a node has had a turn. */
    void snapshotTurned(SimNode node) {
        state.check(node);
    }

    /** Reads that were answered by a lease alone. */
    int leaseReads() {
        return leaseReads;
    }

    /** Those of them that a leader answered before it had committed anything. */
    int earlyLeaseReads() {
        return earlyLeaseReads;
    }

    /** How often a log dropped what its snapshot holds. */
    int compactions() {
        return compactions;
    }

    /** How often a leader's snapshot took the place of a log. */
    int installs() {
        return installs;
    }

    void leaving(SimNode from, Message message) {
        for (Invariant invariant : invariants) {
            invariant.onLeaving(from, message);
        }
    }

    void sent(SimNode from, int to, Message message) {
        for (Invariant invariant : invariants) {
            invariant.onSend(from, to, message);
        }
    }

    void arrived(int from, SimNode to, Message message) {
        for (Invariant invariant : invariants) {
            invariant.onArrival(from, to, message);
        }
    }
}
