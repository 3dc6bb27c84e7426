package io.tenure.bench.compare;

import io.tenure.bench.process.ClusterPlan;
import io.tenure.bench.process.Folders;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench.jar compare}; {@code bench/compare.sh} builds what it needs and starts it. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures Tenure and other systems side by side: three processes each, the same loads, the same durability,"
                    + " interleaved over rounds. Writes compare.md, compare.json and compare.png.",
            "A system that can't be run is named with the reason, and the others go on."
        })
public final class CompareCommand implements Callable<Integer> {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    @Option(names = "--rounds", paramLabel = "N", description = "how often everything is measured (${DEFAULT-VALUE})")
    private int rounds = 3;

    @Option(names = "--seconds", paramLabel = "S", description = "window of each load (${DEFAULT-VALUE})")
    private double seconds = 10;

    @Option(names = "--warmup", paramLabel = "S", description = "seconds before each window (${DEFAULT-VALUE})")
    private double warmupSeconds = 5;

    @Option(
            names = "--systems",
            paramLabel = "A,B,...",
            split = ",",
            description = "tenure, aeron, jraft, jraft-quorum, etcd, ratis, zookeeper (all but jraft-quorum)")
    private List<String> systems = Systems.ALL;

    @Option(
            names = "--workloads",
            paramLabel = "A,B,...",
            split = ",",
            description = "W1, W64, W1024, R1, R64, FAILOVER (all)")
    private List<Line> lines = List.of(Line.values());

    @Option(names = "--kills", paramLabel = "N", description = "leaders killed a round (${DEFAULT-VALUE})")
    private int kills = 2;

    @Option(names = "--preload", paramLabel = "N", description = "keys written before measuring (${DEFAULT-VALUE})")
    private int preload = Driver.KEYS;

    @Option(names = "--out", paramLabel = "DIR", description = "where the results go (bench/results)")
    private Path out;

    @Option(names = "--data", paramLabel = "DIR", description = "disk for the nodes' files (bench/target)")
    private Path data;

    @Option(
            names = "--jvm-options",
            paramLabel = "OPTIONS",
            description = "of all JVMs, nodes and clients (${DEFAULT-VALUE})")
    private String jvmOptions = "-Xms256m -Xmx512m -XX:+UseParallelGC";

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        check();
        Path node = ClusterPlan.nodeJarOfThisBuild();
        Path root = node.resolve("../../..").normalize();
        Path bench = Path.of(URI.create(CompareCommand.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
        if (!Files.isRegularFile(node) || !Files.isRegularFile(bench)) {
            throw new IOException("node.jar or bench.jar is missing; build them with: mvn package -DskipTests");
        }
        Path disk = data != null ? data : bench.getParent();
        refuseMemory(disk);
        Path folder = Files.createTempDirectory(disk.toAbsolutePath(), "compare-");
        Thread tidying = new Thread(() -> tidyUpQuietly(folder), "tidy-up");
        Runtime.getRuntime().addShutdownHook(tidying);
        try {
            List<String> options = List.of(jvmOptions.strip().split("\\s+"));
            Map<String, String> machine = Machine.describe(folder, root, options);
            ComparisonPlan plan =
                    new ComparisonPlan(rounds, warmupSeconds, seconds, preload, kills, systems, lines, folder);
            Systems programs = new Systems(node, bench, root.resolve("bench/peers/target/peers.jar"), options);
            Results results = new Comparison(plan, programs, CompareCommand::tell).run();
            write(out != null ? out : root.resolve("bench/results"), results, plan, machine);
            return results.samples().isEmpty() ? 1 : 0;
        } finally {
            ShutdownHooks.remove(tidying);
            Folders.remove(folder);
        }
    }

    private void check() {
        if (rounds < 1 || kills < 1 || preload < 1) {
            throw usage("--rounds, --kills and --preload must be at least 1");
        }
        if (!(seconds > 0) || !(warmupSeconds >= 0)) {
            throw usage("--seconds must be greater than 0, and --warmup not negative");
        }
    }

    private void refuseMemory(Path disk) throws IOException {
        String wrong = Folders.wrongWithDisk(disk, "--data");
        if (!wrong.isEmpty()) {
            throw usage(wrong);
        }
    }

    private static void write(Path folder, Results results, ComparisonPlan plan, Map<String, String> machine)
            throws IOException {
        Files.createDirectories(folder);
        String page = MarkdownReport.of(results, plan, machine, "compare.png");
        Files.writeString(folder.resolve("compare.md"), page);
        Files.writeString(folder.resolve("compare.json"), JsonReport.of(results, plan, machine));
        ComparisonChart.write(folder.resolve("compare.png"), results);
        System.out.println(page);
    }

    private static void tell(String line) {
        System.err.println(LocalTime.now(ZoneId.systemDefault()).format(CLOCK) + " " + line);
    }

    private static void tidyUpQuietly(Path folder) {
        try {
            Folders.remove(folder);
        } catch (IOException e) {
            System.err.println("compare: " + folder + " is left over: " + e.getMessage());
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
