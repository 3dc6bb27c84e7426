package io.tenure.bench;

import io.tenure.bench.ports.PortFuzz;
import io.tenure.bench.ports.PortPlan;
import io.tenure.bench.process.ClusterPlan;
import io.tenure.bench.process.ProcessCluster;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench.jar fuzz-ports}, which {@code node/fuzz.sh ports} calls. */
@Command(
        name = "fuzz-ports",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Starts nodes as processes of its own and sends random and mutated frames to their ports, some behind a good"
                    + " handshake. Then every node must run, role, term, leader and log be as before, memory, threads and"
                    + " files not have grown, a good request work, and verify find nothing.",
            "Exit code 1 if anything is not as it should be; the data then stays."
        })
final class FuzzPortsCommand implements Callable<Integer> {
    private static final int WARM_UP_PART = 10;
    private static final long WARM_UP_FRAMES_MIN = 2_000;

    /** Exit code of a process that ends on TERM: 128 and the signal's number. */
    private static final int TERMINATED = 143;

    /** Of one in 128 buffers; nodes look for none by default. */
    private static final String LEAKS_ARE_TOLD = "-Dio.netty.leakDetection.level=simple";

    @Mixin
    private ProcessOptions processes;

    @Option(names = "--frames", paramLabel = "N", description = "frames at each of the two ports (${DEFAULT-VALUE})")
    private long frames = 1_000_000;

    @Option(names = "--nodes", paramLabel = "N", description = "node processes (${DEFAULT-VALUE})")
    private int nodes = 3;

    @Option(names = "--seed", paramLabel = "S", description = "of what is sent (${DEFAULT-VALUE})")
    private long seed = 1;

    @Option(names = "--profile", paramLabel = "NAME", description = "timing of the nodes (${DEFAULT-VALUE})")
    private String profile = "geo";

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        if (frames < 1 || nodes < 2) {
            throw processes.refusal("--frames must be at least 1, --nodes at least 2");
        }
        ClusterPlan plan = processes
                .plan("ports", nodes + 1, List.of("profile: " + profile))
                .withJvmOption(LEAKS_ARE_TOLD);
        PortPlan portPlan = new PortPlan(frames, Math.max(WARM_UP_FRAMES_MIN, frames / WARM_UP_PART), seed);
        List<Integer> ids = IntStream.range(0, nodes).boxed().toList();
        List<String> problems = new ArrayList<>();
        try (ProcessCluster cluster = new ProcessCluster(plan)) {
            problems.addAll(new PortFuzz(cluster, ids, portPlan, System.out::println).run());
            for (int id : ids) {
                int exitCode = cluster.terminate(id);
                if (exitCode != TERMINATED) {
                    problems.add("node " + id + " ended with exit code " + exitCode);
                }
                problems.addAll(cluster.verify(id));
            }
        }
        problems.forEach(problem -> System.out.println("PROBLEM: " + problem));
        if (!problems.isEmpty()) {
            System.out.println("The data stays in " + plan.folder());
            return 1;
        }
        System.out.println("Nothing changed; every node runs, and verify finds nothing.");
        processes.tidyUp(plan.folder());
        return 0;
    }
}
