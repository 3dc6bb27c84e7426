package io.tenure.bench.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.bench.process.ClusterPlan;
import io.tenure.history.Operation;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Node processes whose leader goes away under load: clients are told nothing but the truth, and see no error. */
final class FailoverIT {
    private static final Duration THREE_LEASES = Duration.ofMillis(3 * 350);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void killedLeadersLoseNothing() throws Exception {
        assertNewLeaders(play(Scenario.CRASH, 3));
    }

    @Test
    void aSuspendedLeaderAnswersNothingStaleWhenItGoesOn() throws Exception {
        Failover.Result result = play(Scenario.SILENT, 1);
        assertNewLeaders(result);
        assertThat(result.stubbornReads())
                .as("of the leader that was suspended")
                .isPositive();
    }

    @Test
    void leadersThatAreToldToStopHandOver() throws Exception {
        assertNewLeaders(play(Scenario.STOP, 2));
    }

    @Test
    void leadershipMovesOnRequest() throws Exception {
        assertNewLeaders(play(Scenario.TRANSFER, 3));
    }

    @Test
    void aLeaderThatIsCutOffIsReplaced() throws Exception {
        Failover.Result result = play(Scenario.PARTITION, 1);
        assertNewLeaders(result);
        assertThat(result.stubbornReads()).as("of the leader that was cut off").isPositive();
    }

    @Test
    void aLeaderThatWasCutOffComesBack() throws Exception {
        assertNewLeaders(play(Scenario.HEAL, 1));
    }

    @Test
    void allNodesAreRestartedOneByOne() throws Exception {
        assertNewLeaders(play(Scenario.ROLLING, 1));
    }

    private static void assertNewLeaders(Failover.Result result) {
        assertThat(result.rounds())
                .allSatisfy(round -> assertThat(round.next().term())
                        .isGreaterThan(round.old().term()));
    }

    private Failover.Result play(Scenario scenario, int times) throws Exception {
        ClusterPlan cluster = ClusterPlan.of(3, ClusterPlan.nodeJarOfThisBuild(), folder, "lan");
        FailoverPlan plan = new FailoverPlan(scenario, times, 8, 8, 1000, 4, THREE_LEASES);
        try (ProcessTestbed testbed = ProcessTestbed.start(cluster, scenario.needsCuts())) {
            Failover.Result result = new Failover(testbed, plan).run(round -> {});
            assertThat(result.problems()).isEmpty();
            assertThat(testbed.problems(result.history(), PATIENCE)).isEmpty();
            assertThat(result.rounds())
                    .hasSize(times)
                    .allSatisfy(round -> assertThat(round.failures()).isZero());
            assertThat(result.history().count(Operation.Kind.WRITE, Operation.Outcome.OK))
                    .isGreaterThan(300);
            assertThat(result.history().count(Operation.Kind.READ, Operation.Outcome.OK))
                    .isGreaterThan(300);
            return result;
        }
    }
}
