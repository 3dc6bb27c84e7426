package io.tenure.bench;

import io.tenure.bench.jmh.ResultComparison;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench.jar benchmarks-compare BEFORE.json AFTER.json}. */
@Command(
        name = "benchmarks-compare",
        mixinStandardHelpOptions = true,
        description = {
            "Holds two result files of benchmarks.jar against each other, as a table in Markdown.",
            "A ratio in bold is a change beyond the errors of both scores."
        })
final class BenchmarksCompareCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "BEFORE.json", description = "what bench/benchmarks.sh --out wrote earlier")
    private Path before;

    @Parameters(index = "1", paramLabel = "AFTER.json", description = "what it wrote later")
    private Path after;

    @Override
    public Integer call() throws IOException {
        spec.commandLine().getOut().print(ResultComparison.markdown(before, after));
        spec.commandLine().getOut().flush();
        return 0;
    }
}
