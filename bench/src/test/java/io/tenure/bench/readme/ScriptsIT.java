package io.tenure.bench.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts around {@code benchmarks.jar}, with the jars of this build: two short runs, then their comparison. */
final class ScriptsIT {
    @TempDir
    Path scratch;

    @Test
    void benchmarksAreRunAndCompared() throws Exception {
        Path before = scratch.resolve("before.json");
        Path after = scratch.resolve("after.json");
        for (Path out : List.of(before, after)) {
            Shell run = script("benchmarks.sh --out " + out + " EncodeBenchmark -p batch=1 -f 1 -wi 0 -i 2 -r 20ms");
            assertThat(run.exitCode()).as(run.output()).isZero();
            assertThat(run.output()).doesNotContain("building", "Exception", "WARNING");
        }
        Shell comparison = script("benchmarks-compare.sh " + before + " " + after);
        assertThat(comparison.exitCode()).as(comparison.output()).isZero();
        assertThat(comparison.output().lines().reduce((first, second) -> second))
                .hasValueSatisfying(line -> assertThat(line)
                        .matches("\\| EncodeBenchmark\\.requestsToEntries \\| batch=1 valueBytes=100 \\| [\\d.,]+ \\|"
                                + " [\\d.,]+ \\| ns/op \\| less \\| [\\d.]+x \\| [\\d.,]+ \\| [\\d.,]+ \\|"));
    }

    @Test
    void whatGoesWrongIsSaid() throws Exception {
        Shell noFile = script("benchmarks-compare.sh none.json none.json");
        assertThat(noFile.exitCode()).isEqualTo(1);
        assertThat(noFile.output()).isEqualTo("benchmarks-compare: there is no file none.json\n");
        Shell noFolder = script("benchmarks.sh --out " + scratch.resolve("out.json")
                + " AppendForce -p folder=no/such -f 1 -wi 0 -i 1 -r 20ms");
        assertThat(noFolder.exitCode()).isNotZero();
        assertThat(noFolder.output()).contains("there is no folder no/such");
    }

    /** With a folder of its own for temporary files, where JMH has its lock: two builds don't meet. */
    private Shell script(String line) throws Exception {
        Path folder = Files.createDirectories(scratch.resolve("tmp"));
        String command = "JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=" + folder + " bench/" + line;
        Shell shell = Shell.run(Readme.ROOT, scratch.resolve("said"), List.of("bash", "-c", command));
        String own = shell.output()
                .lines()
                .filter(said -> !said.startsWith("Picked up JAVA_TOOL_OPTIONS"))
                .map(said -> said + "\n")
                .reduce("", String::concat);
        return new Shell(shell.exitCode(), own);
    }
}
