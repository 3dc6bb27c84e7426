package io.tenure.raft;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a candidate, and then leader, still has to wait for before it may advance the commit index: the leases that its
 * voters told it of, one per holder (LEASE.md, 3.6). A holder that has answered in this term is proven stopped, as it can
 * never again be leader of an older one; its lease needs no wait.
 */
final class OldLeaseWait {
    private final int self;
    private final List<Integer> voters;
    private final Set<Integer> heard = new HashSet<>();
    private final Map<Integer, Long> deadlineByHolder = new TreeMap<>();

    /** Opens the wait of an election: nobody but the candidate itself is known to have stopped. */
    OldLeaseWait(int self, List<Integer> voters) {
        this.self = self;
        this.voters = voters;
        heard.add(self);
    }

    /** Takes in what a voter still owes; {@code now} is when it is processed, and later is safer (LEASE.md, 3.12). */
    void merge(long now, List<OldLease> leases) {
        for (OldLease lease : leases) {
            boolean stopped = lease.holder() == self || heard.contains(lease.holder());
            if (!stopped) {
                deadlineByHolder.merge(
                        lease.holder(), now + lease.remainingMillis() * Parameters.NANOS_PER_MILLI, Math::max);
            }
        }
        dropUnknownIfAllHeard();
    }

    /** Proof of stop: {@code node} has answered a vote request or an AppendEntry in this term. */
    void heardFrom(int node) {
        heard.add(node);
        deadlineByHolder.remove(node);
        dropUnknownIfAllHeard();
    }

    /** Whether an old lease may still be valid. */
    boolean isPending(long now) {
        deadlineByHolder.values().removeIf(deadline -> deadline - now <= 0);
        return !deadlineByHolder.isEmpty();
    }

    /** When the last lease runs out, for a timer; {@link Long#MAX_VALUE} if there is none. */
    long endsAtNanos() {
        return deadlineByHolder.isEmpty() ? Long.MAX_VALUE : Collections.max(deadlineByHolder.values());
    }

    /** The unknown holder can be any voter; it is nobody once all have answered. */
    private void dropUnknownIfAllHeard() {
        if (heard.containsAll(voters)) {
            deadlineByHolder.remove(OldLease.UNKNOWN);
        }
    }
}
