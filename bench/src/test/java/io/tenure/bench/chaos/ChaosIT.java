package io.tenure.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.bench.process.ClusterPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One fault of each group, on real processes under load: no client is told anything but the truth. */
final class ChaosIT {
    private static final List<FaultKind> FAULTS = List.of(
            FaultKind.KILL_TWO,
            FaultKind.PAUSE_LEADER,
            FaultKind.CUT_FROM_LEADER,
            FaultKind.ISOLATE_LEADER,
            FaultKind.SLOW_LINKS,
            FaultKind.TORN_TAIL);

    @TempDir
    Path folder;

    @Test
    void nothingAcknowledgedIsLost() throws Exception {
        ClusterPlan cluster = new ClusterPlan(
                3,
                ClusterPlan.nodeJarOfThisBuild(),
                folder,
                List.of("profile: lan", "limits: {segmentBytes: 64 KiB}"),
                List.of());
        ChaosPlan plan = new ChaosPlan(Duration.ofSeconds(20), 1, FAULTS, Duration.ofMillis(350), 20, 400, 4, 1000);
        try (ChaosCluster chaos = new ChaosCluster(cluster, 1, false)) {
            chaos.processes().startAll();
            Chaos.Result result = Chaos.run(plan, chaos, line -> {});
            assertThat(result.violations()).isEmpty();
            assertThat(result.table().times()).isPositive();
            assertThat(result.table().aroundMin()).isGreaterThanOrEqualTo(100);
        }
    }
}
