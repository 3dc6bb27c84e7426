package io.tenure.explore;

import io.tenure.raft.Entry;
import io.tenure.raft.Lease;
import io.tenure.raft.Persist;
import io.tenure.raft.Raft;
import io.tenure.raft.Role;
import io.tenure.sim.Violation;

/** What the search and the invariants look at in one state of one node. */
final class Facts {
    final int node;
    final long term;
    final long durableTerm;
    final Role role;
    /** Term that it leads, or -1. */
    final long leads;
    /** Whether a leader waits for an old lease. */
    final boolean waiting;
    /** Whether a leader has something to do. */
    final boolean due;

    final boolean idle;
    final NodeRun.Phase phase;
    final long log;
    final long platter;
    final int commit;
    final int writes;
    /** Which of the disk writes under way have both entries and a hard state, as bits. */
    final int tearable;
    /** Term of the lease that readers may use at this moment, or -1. */
    final long leaseTerm;
    /** Number of the value that a lease read at this moment answers; -1 if it may not answer. */
    final int readable;
    /** Term of the longest lease ever published, if that has not run out; or -1. */
    final long claimTerm;

    /** For how much real time the lease that readers may use goes on; 0 if there is none. */
    final double leaseRealNanos;
    /** By node, for how much real time this one owes its lease. */
    final double[] owedRealNanos = new double[Scope.NODES];

    final boolean reading;
    /** The applier's next step, or null. */
    final Event.Step apply;

    Facts(NodeRun run) {
        Raft raft = run.raft;
        node = run.id;
        term = raft.currentTerm();
        durableTerm = run.hardState.term();
        role = raft.role();
        leads = role == Role.LEADER ? term : -1;
        waiting = role == Role.LEADER && CanonicalForm.isWaiting(run);
        due = role == Role.LEADER && run.now - raft.wakeAtNanos() >= 0;
        phase = run.phase;
        idle = phase == NodeRun.Phase.IDLE;
        log = Entries.pack(raft.log());
        platter = Entries.pack(run.platter);
        commit = (int) raft.commitIndex();
        writes = run.writes.size();
        tearable = tearable(run);
        Lease lease = run.published;
        boolean leased = lease != null && lease.endNanos() - run.now > 0;
        leaseTerm = leased ? lease.term() : -1;
        boolean readableNow = leased
                && run.applied >= lease.readIndexFloor()
                && !lease.limbo().contains(NodeRun.KEY_HASH);
        readable = readableNow ? run.value : -1;
        claimTerm = run.isClaimed() ? run.claimTerm : -1;
        Owed owed = run.owed();
        leaseRealNanos = owed.leaseRealNanos();
        for (int holder = 0; holder < Scope.NODES; holder++) {
            owedRealNanos[holder] = owed.realNanos(holder);
        }
        reading = run.read != null;
        apply = run.batches.isEmpty()
                ? null
                : run.entriesSet < run.batches.peek().entries().size()
                        ? Event.Step.APPLY_ENTRY
                        : Event.Step.ADVANCE_AND_ANSWER;
        checkLimbo(run);
    }

    private static int tearable(NodeRun run) {
        int bits = 0;
        int bit = 1;
        for (Persist write : run.writes) {
            boolean log = !write.entries().isEmpty() || write.truncateFrom() > 0;
            bits |= log && write.hardState() != null ? bit : 0;
            bit <<= 1;
        }
        return bits;
    }

    /** I5: until a leader has committed an entry of its own, its lease covers no key that an unknown commit may touch. */
    private void checkLimbo(NodeRun run) {
        if (leaseTerm < 0 || leads != leaseTerm || Entries.termAt(log, commit) == term) {
            return;
        }
        for (int index = commit + 1; index <= Entries.length(log); index++) {
            Entry entry = run.raft.log().entry(index);
            boolean old = entry.term() < term && entry.kind() == Entry.Kind.WRITE;
            if (old && !run.published.limbo().contains(entry.keyHash())) {
                throw new Violation(
                        "LimboGuard",
                        "node " + node + " leads term " + term
                                + " without an own commit, and its lease covers the key of entry " + index);
            }
        }
    }

    @Override
    public String toString() {
        return role + " in term " + term + ", log " + Entries.toText(log) + " committed to " + commit + ", disk term "
                + durableTerm + " " + Entries.toText(platter) + (writes > 0 ? " and " + writes + " under way" : "")
                + (leaseTerm >= 0 ? ", leased" : "") + (readable >= 0 ? ", reads " + readable : "")
                + (idle ? "" : ", " + phase);
    }
}
