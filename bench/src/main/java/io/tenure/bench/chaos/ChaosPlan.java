package io.tenure.bench.chaos;

import java.time.Duration;
import java.util.List;

/**
 * How long, with which faults, under which load.
 *
 * @param time no fault begins after it
 * @param seed decides the order of faults and who is hit
 * @param faults each is injected once before one is injected again
 * @param lease of the cluster's timing
 * @param clients SDK clients: one half on hot keys, the other on cold ones
 * @param opsPerSecond pace of the load, of all clients together
 * @param hotKeys few keys that half of the clients share
 * @param coldKeys many keys for the others
 */
public record ChaosPlan(
        Duration time,
        long seed,
        List<FaultKind> faults,
        Duration lease,
        int clients,
        double opsPerSecond,
        int hotKeys,
        int coldKeys) {
    /** Keeps a copy of the list. */
    public ChaosPlan {
        faults = List.copyOf(faults);
    }
}
