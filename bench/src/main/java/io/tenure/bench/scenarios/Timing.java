package io.tenure.bench.scenarios;

import java.time.Duration;
import java.util.List;

/**
 * What the nodes of a run wait for. Election timeouts may end before a lease does: the wait for an old lease is then seen.
 *
 * @param settings lines of YAML that make the nodes use these durations
 */
public record Timing(Duration heartbeat, Duration lease, Duration electionMax, List<String> settings) {
    /** That of the assignment: leases of 8 s, elections after 5 to 10 s. A run takes about two minutes. */
    public static final Timing ASSIGNMENT = new Timing(
            Duration.ofSeconds(1), Duration.ofSeconds(8), Duration.ofSeconds(10), List.of("profile: assignment"));

    /** For tests: leases of 4 s, elections after 0.8 to 1.6 s. */
    public static final Timing SHORT = new Timing(
            Duration.ofMillis(200),
            Duration.ofSeconds(4),
            Duration.ofMillis(1600),
            List.of(
                    "profile: lan",
                    "heartbeatMillis: 200",
                    "leaseMillis: 4000",
                    "electionTimeoutMillis: {min: 800, max: 1600}",
                    "strictLease: true"));

    /** Keeps a copy. */
    public Timing {
        settings = List.copyOf(settings);
    }

    /** Longer than any election with the wait for an old lease should take, several attempts included. */
    Duration patience() {
        return electionMax.multipliedBy(4).plus(lease).plusSeconds(30);
    }
}
