package io.tenure.raft;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a candidate, and then leader, still has to wait for before it may advance the commit index: the leases that its
 * voters told it of, one per holder (LEASE.md, 3.6). A holder that has answered in this term is proven stopped, as it can
 * never again be leader of an older one; its lease needs no wait. Nor does one that its holder has released (3.8).
 */
final class OldLeaseWait {
    private final int self;
    private final List<Integer> voters;
    private final Set<Integer> heard = new HashSet<>();
    private final Releases releases;
    private final Map<Integer, Wait> waitByHolder = new TreeMap<>();

    /** Term and epoch of the latest promise that was told of, and the end of the longest. */
    private record Wait(long term, long epoch, long deadlineNanos) {
        Wait and(Wait other) {
            Wait later = other.term > term || (other.term == term && other.epoch > epoch) ? other : this;
            return new Wait(later.term, later.epoch, Math.max(deadlineNanos, other.deadlineNanos));
        }
    }

    /** Opens the wait of an election: nobody but the candidate itself is known to have stopped. */
    OldLeaseWait(int self, List<Integer> voters, Releases releases) {
        this.releases = releases;
        this.self = self;
        this.voters = voters;
        heard.add(self);
    }

    /** Takes in what a voter still owes; {@code now} is when it is processed, and later is safer (LEASE.md, 3.12). */
    void merge(long now, List<OldLease> leases) {
        for (OldLease lease : leases) {
            boolean stopped = lease.holder() == self
                    || heard.contains(lease.holder())
                    || releases.cover(lease.holder(), lease.term(), lease.epoch());
            if (!stopped) {
                long deadline = now + lease.remainingMillis() * Parameters.NANOS_PER_MILLI;
                waitByHolder.merge(lease.holder(), new Wait(lease.term(), lease.epoch(), deadline), Wait::and);
            }
        }
        dropUnknownIfAllHeard();
    }

    /** Proof of stop: {@code node} has answered a vote request or an AppendEntry in this term. */
    void heardFrom(int node) {
        heard.add(node);
        waitByHolder.remove(node);
        dropUnknownIfAllHeard();
    }

    /** Whether an old lease may still be valid. */
    boolean isPending(long now) {
        waitByHolder.entrySet().removeIf(each -> isOver(now, each.getKey(), each.getValue()));
        return !waitByHolder.isEmpty();
    }

    /** When the last lease runs out, for a timer; {@link Long#MAX_VALUE} if there is none. */
    long endsAtNanos() {
        long last = Long.MAX_VALUE;
        for (Wait wait : waitByHolder.values()) {
            last = last == Long.MAX_VALUE ? wait.deadlineNanos : Math.max(last, wait.deadlineNanos);
        }
        return last;
    }

    private boolean isOver(long now, int holder, Wait wait) {
        return wait.deadlineNanos - now <= 0 || releases.cover(holder, wait.term, wait.epoch);
    }

    /** The unknown holder can be any voter; it is nobody once all have answered. */
    private void dropUnknownIfAllHeard() {
        if (heard.containsAll(voters)) {
            waitByHolder.remove(OldLease.UNKNOWN);
        }
    }
}
