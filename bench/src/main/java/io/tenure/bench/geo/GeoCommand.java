package io.tenure.bench.geo;

import io.tenure.bench.compare.Machine;
import io.tenure.bench.process.ClusterPlan;
import io.tenure.bench.process.Folders;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench.jar geo}; {@code bench/run-geo.sh --local} builds what it needs and starts it. */
@Command(
        name = "geo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measures a cluster with a node in each region, from clients in each region, on this machine behind an emulated"
                    + " network; then has something happen to its leader. Writes geo.md, geo.html, geo.json, geo.png and"
                    + " geo.hlog (histograms)."
        })
public final class GeoCommand implements Callable<Integer> {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmm", Locale.ROOT);
    private static final int ECHO_SAMPLES = 21;

    @Option(
            names = "--local",
            paramLabel = "MATRIX",
            required = true,
            description = "what lies between the regions: gcp3, gcp3us, gcp5, or a file like those")
    private String matrixName;

    @Option(names = "--seconds", paramLabel = "S", description = "window of each load (${DEFAULT-VALUE})")
    private double seconds = 10;

    @Option(names = "--warmup", paramLabel = "S", description = "seconds before each window (${DEFAULT-VALUE})")
    private double warmupSeconds = 2;

    @Option(
            names = "--leader",
            paramLabel = "REGION",
            description = "where the leader is (where writes of all regions take the least time)")
    private String leader;

    @Option(
            names = "--faults",
            paramLabel = "A,B,...",
            split = ",",
            description = "of crash, silence, stop, transfer, partition; or none (all)")
    private List<String> faultNames = Faults.ALL.stream().map(Faults::label).toList();

    @Option(
            names = "--fault-seconds",
            paramLabel = "S",
            description = "how long each lasts, and how long clients go on after it is mended (${DEFAULT-VALUE})")
    private double faultSeconds = 6;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "operations per second of each region meanwhile, half of them reads (${DEFAULT-VALUE})")
    private double opsPerSecond = 200;

    @Option(names = "--with", paramLabel = "etcd", split = ",", description = "measure it, too, on the same network")
    private List<String> others = List.of();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "where the results go (bench/target/geo-MATRIX-DATE, which git ignores)")
    private Path out;

    @Option(names = "--data", paramLabel = "DIR", description = "disk for the nodes' files (bench/target)")
    private Path data;

    @Option(names = "--jvm-options", paramLabel = "OPTIONS", description = "added to the JVM options of the nodes")
    private String jvmOptions = "";

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Matrix matrix = matrix();
        GeoPlan plan = plan();
        if (leader != null && !matrix.regions().contains(leader)) {
            throw usage("--leader must be one of " + String.join(", ", matrix.regions()) + ", not " + leader);
        }
        Path target = Path.of(URI.create(GeoCommand.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toString()))
                .getParent();
        Path disk = data != null ? data : target;
        String wrong = Folders.wrongWithDisk(disk, "--data");
        if (!wrong.isEmpty()) {
            throw usage(wrong);
        }
        if (!Files.isRegularFile(ClusterPlan.nodeJarOfThisBuild())) {
            throw new IOException("node.jar is missing; build it with: mvn package -DskipTests");
        }
        Path folder = Files.createTempDirectory(disk.toAbsolutePath(), "geo-");
        try {
            Map<String, String> machine =
                    Machine.describe(folder, target.resolve("../..").normalize(), jvmOptionsList());
            GeoResults results = run(matrix, plan, machine, folder);
            Path outFolder = out != null ? out : target.resolve("geo-" + matrix.name() + "-" + now());
            System.out.println(ResultFiles.write(outFolder, results));
            tell("results are in " + outFolder);
        } finally {
            Folders.remove(folder);
        }
        return 0;
    }

    private GeoResults run(Matrix matrix, GeoPlan plan, Map<String, String> machine, Path folder)
            throws IOException, InterruptedException {
        List<SystemResults> systems = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        try (Hiccups hiccups = new Hiccups();
                Wan wan = new Wan(matrix, ThreadLocalRandom.current().nextLong())) {
            tell("measuring the network");
            RoundTrips measured = EchoTrips.measure(wan, ECHO_SAMPLES);
            String home = leader != null ? leader : matrix.roundTrips().bestLeader();
            tell("starting " + matrix.regions().size() + " nodes");
            ClusterPlan nodes = new ClusterPlan(
                    matrix.regions().size(),
                    ClusterPlan.nodeJarOfThisBuild(),
                    folder.resolve("tenure"),
                    List.of("profile: geo"),
                    jvmOptionsList());
            try (GeoSystem system = new TenureSystem(wan, nodes)) {
                systems.add(new SystemRun(system, wan, plan, home, GeoCommand::tell).run());
            }
            if (others.contains("etcd")) {
                try (GeoSystem system = EtcdSystem.start(wan, measured, folder.resolve("etcd"))) {
                    systems.add(new SystemRun(system, wan, plan, home, GeoCommand::tell).run());
                } catch (IllegalStateException e) {
                    tell(e.getMessage());
                    leftOut.add(e.getMessage());
                }
            }
            machine.put("waking up", hiccups.inWords());
            return new GeoResults(
                    "Across regions: " + matrix.name(),
                    "a process for each node on one machine, behind relays that delay what they carry as the matrix "
                            + matrix.name() + " has it",
                    matrix.roundTrips(),
                    measured,
                    machine,
                    facts(),
                    systems,
                    leftOut);
        }
    }

    private Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("date", LocalDateTime.now(ZoneOffset.UTC).toLocalDate().toString());
        facts.put(
                "load",
                String.format(
                        Locale.ROOT,
                        "windows of %s s after %s s of warm-up; %,d keys of %d bytes, values of %d bytes",
                        seconds,
                        warmupSeconds,
                        GeoPlan.KEYS,
                        GeoPlan.KEY_BYTES,
                        GeoPlan.VALUE_BYTES));
        facts.put(
                "faults",
                String.format(
                        Locale.ROOT,
                        "each lasts %s s, and is watched for %s s more; %s operations per second in each region",
                        faultSeconds,
                        faultSeconds,
                        opsPerSecond));
        return facts;
    }

    private Matrix matrix() throws IOException {
        try {
            return Matrix.of(matrixName);
        } catch (IllegalArgumentException e) {
            throw usage(e.getMessage());
        }
    }

    private GeoPlan plan() {
        if (!(seconds > 0) || !(warmupSeconds >= 0) || !(faultSeconds > 0) || !(opsPerSecond > 0)) {
            throw usage("--seconds, --fault-seconds and --rate must be greater than 0, and --warmup not negative");
        }
        if (!List.of("etcd").containsAll(others)) {
            throw usage("--with knows etcd, not " + String.join(",", others));
        }
        try {
            List<Fault> faults = faultNames.equals(List.of("none")) ? List.of() : Faults.named(faultNames);
            return new GeoPlan(warmupSeconds, seconds, faults, faultSeconds, opsPerSecond);
        } catch (IllegalArgumentException e) {
            throw usage(e.getMessage());
        }
    }

    private List<String> jvmOptionsList() {
        return jvmOptions.isBlank() ? List.of() : List.of(jvmOptions.strip().split("\\s+"));
    }

    private static String now() {
        return LocalDateTime.now(ZoneOffset.UTC).format(STAMP);
    }

    private static void tell(String line) {
        System.err.println(LocalTime.now(ZoneId.systemDefault()).format(CLOCK) + " " + line);
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
