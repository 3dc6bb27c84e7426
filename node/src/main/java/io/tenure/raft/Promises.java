package io.tenure.raft;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The lease promises that this node has made as a voter (LEASE.md, 3.3 and 3.5). One per holder, kept through term
 * changes: only time ends it, or the holder's own word. That is what makes a chain of three leaders safe (3.12, case 5). Promises are not written
 * to disk; after a restart everything that may have been promised is one promise to an unknown holder (3.8).
 */
final class Promises {
    private record Promise(long term, long epoch, long deadlineNanos) {}

    private final Map<Integer, Promise> byHolder = new TreeMap<>();
    private final long unknownUntilNanos;
    private final boolean unknown;
    private final Releases releases;

    /**
     * Starts without knowledge of earlier promises, none of which was longer than {@code promisedMillisMax}; 0 if the node
     * never made any.
     */
    Promises(long bootNanos, long promisedMillisMax, Releases releases) {
        this.releases = releases;
        unknown = promisedMillisMax > 0;
        unknownUntilNanos = bootNanos + promisedMillisMax * Parameters.NANOS_PER_MILLI;
    }

    /** Promises {@code holder} to tell later candidates for {@code leaseMillis} from now that it may hold a lease. */
    void grant(long now, int holder, long term, long epoch, long leaseMillis) {
        long deadline = now + leaseMillis * Parameters.NANOS_PER_MILLI;
        Promise old = byHolder.get(holder);
        if (old == null) {
            byHolder.put(holder, new Promise(term, epoch, deadline));
            return;
        }
        boolean newer = term > old.term || (term == old.term && epoch > old.epoch);
        byHolder.put(
                holder,
                new Promise(newer ? term : old.term, newer ? epoch : old.epoch, Math.max(old.deadlineNanos, deadline)));
    }

    /** Everything still owed, rounded up: what a vote reply carries, and what a candidate merges of its own. */
    List<OldLease> remaining(long now) {
        List<OldLease> remaining = new ArrayList<>();
        byHolder.values().removeIf(promise -> promise.deadlineNanos - now <= 0);
        for (Map.Entry<Integer, Promise> each : byHolder.entrySet()) {
            Promise promise = each.getValue();
            if (releases.cover(each.getKey(), promise.term, promise.epoch)) {
                continue;
            }
            remaining.add(new OldLease(
                    each.getKey(), promise.term, promise.epoch, millisRoundedUp(promise.deadlineNanos - now)));
        }
        if (unknown && unknownUntilNanos - now > 0) {
            remaining.add(new OldLease(OldLease.UNKNOWN, -1, 0, millisRoundedUp(unknownUntilNanos - now)));
        }
        return remaining;
    }

    private static long millisRoundedUp(long nanos) {
        return (nanos + Parameters.NANOS_PER_MILLI - 1) / Parameters.NANOS_PER_MILLI;
    }
}
