package io.tenure.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.bench.process.ClusterPlan;
import io.tenure.bench.process.ProcessCluster;
import io.tenure.bench.scenarios.AssignmentScenarios;
import io.tenure.bench.scenarios.Scenario;
import io.tenure.bench.scenarios.Timing;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The six scenarios of the assignment (LEASE.md, 1.5) with five node processes and short timings. */
final class AssignmentScenariosIT {
    @TempDir
    Path folder;

    private ProcessCluster cluster;
    private AssignmentScenarios scenarios;

    @BeforeEach
    void prepare() throws Exception {
        cluster = new ProcessCluster(new ClusterPlan(
                AssignmentScenarios.NODES,
                ClusterPlan.nodeJarOfThisBuild(),
                folder,
                Timing.SHORT.settings(),
                List.of()));
        scenarios = new AssignmentScenarios(cluster, Timing.SHORT);
    }

    /** After the last of them. */
    @AfterEach
    void close() {
        scenarios.close();
        cluster.close();
    }

    @TestFactory
    Stream<DynamicTest> scenarios() {
        return scenarios.all().stream()
                .map(scenario -> DynamicTest.dynamicTest(scenario.title(), () -> play(scenario)));
    }

    private static void play(Scenario scenario) throws Exception {
        assertThat(scenario.play().run()).as("what the files say").isNotEmpty();
    }
}
