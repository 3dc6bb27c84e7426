package io.tenure.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tenure.bench.process.Folders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** That every benchmark runs to its end: in this JVM, for a moment, with small parameters. What comes of it means nothing. */
final class BenchmarksTest {
    private static final Path DISK = Path.of("target");

    static {
        // Else two builds on one machine could not run this at the same time.
        System.setProperty("jmh.ignoreLock", "true");
    }

    @Test
    void everyBenchmarkRuns() throws Exception {
        assumeTrue(Folders.wrongWithDisk(DISK, "").isEmpty(), "the build's folder is on no disk");
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^io\\.tenure\\.bench\\.jmh\\.")
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .measurementTime(TimeValue.milliseconds(5))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .param("folder", DISK.toString())
                .param("valueBytes", "10")
                .param("batch", "2")
                .param("limbo", "10")
                .param("mebibytes", "1");
        Collection<RunResult> results = new Runner(options.build()).run();
        List<String> ran = results.stream()
                .map(result -> result.getParams().getBenchmark().replaceAll(".*\\.(\\w+)\\.\\w+$", "$1"))
                .distinct()
                .toList();
        assertThat(ran).containsExactlyInAnyOrderElementsOf(benchmarkClasses());
    }

    @Test
    void aFolderInMemoryIsRefused() throws Exception {
        Path memory = Path.of("/dev/shm");
        assumeTrue(Files.isDirectory(memory) && Folders.isMemory(Folders.fileSystem(memory)), "no /dev/shm here");
        assertThatThrownBy(() -> new ScratchFolder(memory.toString()))
                .hasMessageStartingWith("/dev/shm is on tmpfs: a force costs nothing there")
                .hasMessageEndingWith("-p folder=DIR")
                .hasNoCause();
        assertThatThrownBy(() -> new ScratchFolder("no/such")).hasMessage("there is no folder no/such");
    }

    private static List<String> benchmarkClasses() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("src/main/java/io/tenure/bench/jmh"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("Benchmark.java"))
                    .map(name -> name.replace(".java", ""))
                    .collect(Collectors.toList());
        }
    }
}
