package io.tenure.bench.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.bench.failover.FailoverPlan.Signal;
import io.tenure.bench.process.ClusterPlan;
import io.tenure.bench.process.ProcessCluster;
import io.tenure.history.Operation;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Node processes whose leader is taken away under load: clients are told nothing but the truth, and see no error. */
final class LeaderKillIT {
    private static final Duration THREE_LEASES = Duration.ofMillis(3 * 350);

    @TempDir
    Path folder;

    @Test
    void killedLeadersLoseNothing() throws Exception {
        Failover.Result result = run(new FailoverPlan(Signal.KILL, 3, 16, 16, 600, 4, THREE_LEASES));
        assertThat(result.rounds()).hasSize(3);
    }

    @Test
    void aStoppedLeaderAnswersNothingStaleWhenItGoesOn() throws Exception {
        Failover.Result result = run(new FailoverPlan(Signal.STOP, 1, 16, 16, 600, 4, THREE_LEASES));
        assertThat(result.stubbornReads()).as("of the leader that was stopped").isPositive();
    }

    private Failover.Result run(FailoverPlan plan) throws Exception {
        try (ProcessCluster cluster =
                new ProcessCluster(ClusterPlan.of(3, ClusterPlan.nodeJarOfThisBuild(), folder, "lan"))) {
            cluster.startAll();
            Failover.Result result = new Failover(cluster, plan).run(round -> {});
            assertThat(result.problems()).isEmpty();
            assertThat(result.history().count(Operation.Kind.WRITE, Operation.Outcome.OK))
                    .isGreaterThan(300);
            assertThat(result.history().count(Operation.Kind.READ, Operation.Outcome.OK))
                    .isGreaterThan(300);
            assertThat(result.rounds())
                    .allSatisfy(round -> assertThat(round.next().term())
                            .isGreaterThan(round.old().term()));
            return result;
        }
    }
}
