package io.tenure.bench.failover;

import java.time.Duration;

/**
 * What happens, how often, under which load. Writers and readers are SDK clients with default options, each with one operation
 * under way at most.
 *
 * @param writers clients that write
 * @param readers clients that read under the lease
 * @param opsPerSecond pace, of all clients together; 0 for as fast as it goes
 * @param keys keys that all clients share
 * @param pause how long a leader stays suspended or cut off at least
 */
public record FailoverPlan(
        Scenario scenario, int times, int writers, int readers, double opsPerSecond, int keys, Duration pause) {}
