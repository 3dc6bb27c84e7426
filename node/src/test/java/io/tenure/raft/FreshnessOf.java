package io.tenure.raft;

import java.util.List;

/** Makes what the core publishes, for tests of other packages. */
public final class FreshnessOf {
    private FreshnessOf() {}

    /** Confirmed once. */
    public static Freshness confirmed(long sinceNanos, long index) {
        return new Freshness(List.of(new Freshness.Confirmed(sinceNanos, index)));
    }
}
