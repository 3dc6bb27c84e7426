package io.tenure.bench;

import io.tenure.bench.process.ClusterPlan;
import io.tenure.bench.process.ProcessCluster;
import io.tenure.bench.scenarios.AssignmentScenarios;
import io.tenure.bench.scenarios.Scenario;
import io.tenure.bench.scenarios.Timing;
import io.tenure.client.TenureException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench.jar scenarios}. */
@Command(
        name = "scenarios",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts five node processes and plays the six scenarios of the assignment: nodes are killed and started again,"
                    + " and logs.txt and dump.txt must say what they should. Prints PASS or FAIL of each, with what the"
                    + " files say.",
            "Exit code 1 if one fails; the data then stays."
        })
final class ScenariosCommand implements Callable<Integer> {
    /** By which timing. */
    enum Profile {
        /** That of the assignment. */
        ASSIGNMENT,
        /** That of the tests. */
        SHORT
    }

    @Mixin
    private ProcessOptions options;

    @Option(
            names = "--profile",
            description = "assignment: leases of 8 s, elections after 5 to 10 s; short: 4 s, 0.8 to 1.6 s (assignment)")
    private Profile profile = Profile.ASSIGNMENT;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Timing timing = profile == Profile.ASSIGNMENT ? Timing.ASSIGNMENT : Timing.SHORT;
        ClusterPlan plan = options.plan("scenarios", AssignmentScenarios.NODES, timing.settings());
        int failed = 0;
        try (ProcessCluster cluster = new ProcessCluster(plan);
                AssignmentScenarios scenarios = new AssignmentScenarios(cluster, timing)) {
            for (Scenario scenario : scenarios.all()) {
                failed += passes(scenario) ? 0 : 1;
            }
        }
        if (failed > 0) {
            System.out.println(failed + " failed. The data stays in " + plan.folder());
            return 1;
        }
        System.out.println("All passed.");
        options.tidyUp(plan.folder());
        return 0;
    }

    private static boolean passes(Scenario scenario) throws IOException, InterruptedException {
        long start = System.nanoTime();
        List<String> lines;
        boolean passed;
        try {
            lines = scenario.play().run();
            passed = true;
        } catch (IllegalStateException | TenureException e) {
            lines = e.getMessage().lines().toList();
            passed = false;
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(Locale.ROOT, "%s  %s (%.1f s)%n", passed ? "PASS" : "FAIL", scenario.title(), seconds);
        lines.forEach(line -> System.out.println("      " + line));
        return passed;
    }
}
