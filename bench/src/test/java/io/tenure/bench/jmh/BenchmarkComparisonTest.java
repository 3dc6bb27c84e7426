package io.tenure.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BenchmarkComparisonTest {
    private static final String RESULT = "{\"benchmark\": \"B.b\", \"mode\": \"avgt\", \"primaryMetric\":"
            + " {\"score\": 1.0, \"scoreError\": \"NaN\", \"scoreUnit\": \"ns/op\"}}";

    @TempDir
    Path folder;

    @Test
    void theTableTellsWhatHasChanged() throws Exception {
        assertThat(ResultComparison.markdown(resource("before.json"), resource("after.json")))
                .isEqualTo("""
                        | benchmark | parameters | before | after | unit | better | after / before | bytes/op before | bytes/op after |
                        |---|---|---:|---:|---|---|---:|---:|---:|
                        | LineBenchmark.encode | escaped=false valueBytes=100 | 100 ± 5.000 | 80.0 ± 4.000 | ns/op | less | **0.80x** | 152 | 152 |
                        | GroupCommitBenchmark.group | batch=64 | 5,200 | 5,304 | ops/s | more | 1.02x | 12,000 | 6,000 |
                        | CommitBenchmark.oneAtATime | - | 412 ± 40.0 | 420 ± 44.0 | us/op | less | 1.02x | - | 9,001 |
                        | CommitBenchmark.oneAtATime p50 | - | 400 | 300 | us/op | less | 0.75x | - | - |
                        | CommitBenchmark.oneAtATime p99 | - | 1,200 | 1,300 | us/op | less | 1.08x | - | - |
                        | GoneBenchmark.gone | threads=2 | 0.500 | - | ns/op | less | - | - | - |
                        | NewBenchmark.fresh | - | - | 2.0e-05 | s/op | less | - | - | 1.500 |
                        """);
    }

    @Test
    void otherUnitsHaveNoRatio() throws Exception {
        assertThat(ResultComparison.markdown(
                        file("a.json", "[" + RESULT + "]"),
                        file("b.json", "[" + RESULT.replace("ns/op", "us/op") + "]")))
                .contains("| B.b | - | 1.000 | 1.000 | ns/op, then us/op | less | - | - | - |");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                "[1, 2                        # is not JSON: Unexpected end-of-input",
                "{}                           # holds no results of benchmarks.jar: it should be an array of them",
                "[]                           # holds no results of benchmarks.jar: it should be an array of them",
                "[{\"a\": 1}]                 # result 1 has no benchmark",
                "[{\"benchmark\": \"B.b\"}]   # result 1 has no scoreUnit",
                "[{\"benchmark\": \"B.b\", \"primaryMetric\": {\"score\": \"NaN\", \"scoreUnit\": \"s\"}}] # result 1 has no score",
            })
    void aFileThatHoldsNoResultsIsNamed(String content, String complaint) throws Exception {
        Path good = file("good.json", "[" + RESULT + "]");
        Path bad = file("bad.json", content);
        for (Path[] order : new Path[][] {{bad, good}, {good, bad}}) {
            assertThatThrownBy(() -> ResultComparison.markdown(order[0], order[1]))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(bad.toString())
                    .hasMessageContaining(complaint);
        }
    }

    @Test
    void filesMustHaveSomethingInCommon() throws Exception {
        Path one = file("one.json", "[" + RESULT + "]");
        Path other = file("other.json", "[" + RESULT.replace("B.b", "B.c") + "]");
        assertThatThrownBy(() -> ResultComparison.markdown(one, other))
                .hasMessage(one + " and " + other + " have no benchmark with the same parameters in common");
        Path twice = file("twice.json", "[" + RESULT + "," + RESULT + "]");
        assertThatThrownBy(() -> ResultComparison.markdown(twice, one))
                .hasMessage(twice + ": result 2 is about B.b with the same parameters as one before");
        assertThatThrownBy(() -> ResultComparison.markdown(folder.resolve("none"), one))
                .hasMessage("there is no file " + folder.resolve("none"));
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private Path resource(String name) throws IOException {
        try (InputStream content = BenchmarkComparisonTest.class.getResourceAsStream(name)) {
            assertThat(content).as(name).isNotNull();
            Path file = folder.resolve(name);
            Files.copy(content, file);
            return file;
        }
    }
}
