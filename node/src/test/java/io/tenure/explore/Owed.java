package io.tenure.explore;

import java.util.Map;

/** What a node owes to holders of leases, and claims itself, in real time: the clocks of nodes can't be compared. */
final class Owed {
    private final NodeRun run;
    private final double rate;

    Owed(NodeRun run, double clockDriftMax) {
        this.run = run;
        this.rate = 1 + run.rate * clockDriftMax;
    }

    /** For how long this node will still tell every candidate of the lease of {@code holder}; that of an unknown one is everybody's. */
    double realNanos(int holder) {
        Object promises = CanonicalForm.get(CanonicalForm.get(run.raft, "node"), "promises");
        Object promise = ((Map<?, ?>) CanonicalForm.get(promises, "byHolder")).get(holder);
        double known = promise == null ? 0 : left((long) CanonicalForm.get(promise, "deadlineNanos"));
        boolean hasUnknown = (boolean) CanonicalForm.get(promises, "unknown");
        return Math.max(known, hasUnknown ? left((long) CanonicalForm.get(promises, "unknownUntilNanos")) : 0);
    }

    /** For how long readers may still use the published lease. */
    double leaseRealNanos() {
        return run.published == null ? 0 : left(run.published.endNanos());
    }

    private double left(long untilNanos) {
        return Math.max(0, untilNanos - run.now) / rate;
    }
}
