package io.tenure.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench.jar load}. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Puts a cluster under load and measures it.",
            "A closed loop keeps --outstanding operations under way. With --rate the loop is open: operations have"
                    + " intended times, and latencies count from these."
        })
final class LoadCommand implements Callable<Integer> {
    private static final int VALUE_BYTES_DEFAULT = 100;

    @Option(names = "--cluster", paramLabel = "H:P,...", description = "client addresses (${DEFAULT-VALUE})")
    private String cluster = "127.0.0.1:7200,127.0.0.1:7201,127.0.0.1:7202";

    @Option(names = "--workload", description = "set, get or mixed: half and half (${DEFAULT-VALUE})")
    private Workload workload = Workload.MIXED;

    @Option(names = "--outstanding", paramLabel = "N", description = "operations under way at most (${DEFAULT-VALUE})")
    private int outstanding = 64;

    @Option(names = "--warmup", paramLabel = "S", description = "seconds before measuring (${DEFAULT-VALUE})")
    private double warmupSeconds = 5;

    @Option(names = "--seconds", paramLabel = "S", description = "seconds of measuring (${DEFAULT-VALUE})")
    private double seconds = 10;

    @Option(names = "--rate", paramLabel = "R", description = "operations to start per second; 0: closed loop")
    private double rate;

    @Option(names = "--keys", paramLabel = "N", description = "keys to pick from (${DEFAULT-VALUE})")
    private int keys = 100_000;

    @Option(names = "--key-distribution", description = "which of them: uniform or zipf (${DEFAULT-VALUE})")
    private KeyDistribution keyDistribution = KeyDistribution.UNIFORM;

    @Option(names = "--key-size", paramLabel = "BYTES", description = "length of keys at least (as short as can be)")
    private int keyBytes;

    @Option(
            names = "--value-size",
            paramLabel = "BYTES",
            description = "length of values (100; with --history as short as unique values can be)")
    private Integer valueBytes;

    @Option(
            names = "--clients",
            paramLabel = "C",
            description = "SDK clients, each with a thread and connections of its own (one)")
    private int clients = 1;

    @Option(
            names = "--preload",
            negatable = true,
            description = "write every key once before (the default for get without --history)")
    private Boolean preload;

    @Option(names = "--json", paramLabel = "FILE", description = "where the final line goes; -: standard output")
    private String json = "-";

    @Option(names = "--chart", paramLabel = "FILE.png", description = "draw latency and throughput")
    private Path chart;

    @Option(names = "--history", paramLabel = "FILE", description = "record each operation, for check-history")
    private Path history;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        LoadPlan plan = plan();
        boolean isPreloaded = preload != null ? preload : workload == Workload.GET && history == null;
        if (isPreloaded && history != null) {
            throw usage("--preload would write what --history does not record");
        }
        List<TenureTarget> targets = new ArrayList<>();
        try (HistoryWriter recorded = history == null ? null : new HistoryWriter(history)) {
            for (int i = 0; i < clients; i++) {
                targets.add(TenureTarget.connect(cluster));
            }
            if (isPreloaded) {
                Preload.run(plan, targets);
            }
            LoadRun run = new LoadRun(plan, targets, recorded, progress());
            return report(run, run.run(warmupSeconds, seconds));
        } catch (CompletionException e) {
            return complain("preload: " + e.getCause().getMessage());
        } catch (LoadRun.HungException e) {
            return complain(e.getMessage());
        } finally {
            targets.forEach(Target::close);
        }
    }

    private LoadPlan plan() {
        if (clients < 1 || outstanding < clients) {
            throw usage("--clients is " + clients + "; at least 1 and at most --outstanding (" + outstanding + ")");
        }
        if (!(seconds > 0) || !(warmupSeconds >= 0)) {
            throw usage("--seconds must be greater than 0, and --warmup not negative");
        }
        boolean isRecorded = history != null;
        int bytes = valueBytes != null ? valueBytes : isRecorded ? 0 : VALUE_BYTES_DEFAULT;
        // Keys of a history are its own: what an earlier run left there would look like a read of the never written.
        String prefix =
                isRecorded ? "h" + Long.toHexString(ThreadLocalRandom.current().nextLong()) + "-k" : "k";
        try {
            return new LoadPlan(
                    workload, outstanding, rate, keys, keyDistribution, prefix, keyBytes, bytes, isRecorded);
        } catch (IllegalArgumentException e) {
            throw usage(e.getMessage());
        }
    }

    private int report(LoadRun run, LoadReport report) throws IOException {
        progress().accept("");
        System.err.println(report.toText());
        if (run.firstError() != null) {
            System.err.println("first failure: " + run.firstError().getMessage());
        }
        if (json.equals("-")) {
            System.out.println(report.toJson());
        } else {
            Files.writeString(Path.of(json), report.toJson() + System.lineSeparator());
        }
        if (chart != null) {
            LoadChart.write(chart, report, run.intervals());
        }
        if (run.invalid() != null) {
            return complain(
                    "the cluster refuses such operations: " + run.invalid().getMessage());
        }
        return report.latencies().getTotalCount() == 0 ? complain("no operation succeeded") : 0;
    }

    private static Consumer<String> progress() {
        boolean isTerminal = CommandLine.Help.Ansi.AUTO.enabled();
        return line -> {
            if (isTerminal) {
                System.err.print("\r\033[K" + line);
                System.err.flush();
            }
        };
    }

    private static int complain(String message) {
        System.err.println("load: " + message);
        return 1;
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
