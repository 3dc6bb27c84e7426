package io.tenure.bench.failover;

import java.time.Duration;

/**
 * What happens to the leader, how often, under which load.
 *
 * @param clients SDK clients, each with its own session and connections
 * @param outstanding operations under way at most, of all clients together
 * @param opsPerSecond pace of the load, of all clients together; 0 for as fast as it goes
 * @param keys keys that all clients share
 * @param pause how long a stopped leader stands still
 */
public record FailoverPlan(
        Signal signal, int times, int clients, int outstanding, double opsPerSecond, int keys, Duration pause) {
    /** What is sent to the leader. */
    public enum Signal {
        /** SIGKILL; the node is then started again on what its disk holds. */
        KILL,
        /** SIGSTOP, and SIGCONT after the pause, while clients keep asking the stopped node. */
        STOP
    }
}
