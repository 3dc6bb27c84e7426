package io.tenure.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tenure.history.History;
import io.tenure.history.HistoryFile;
import io.tenure.history.Linearizability;
import io.tenure.history.Operation;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoadTest {
    private final List<FakeTarget> targets = new ArrayList<>();

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        targets.forEach(Target::close);
    }

    @Test
    void closedLoopKeepsItsOperationsUnderWay() throws Exception {
        FakeTarget target = target(200);
        LoadReport report = run(closed(Workload.MIXED, 8), 0.1, 0.4);

        assertThat(target.underWayMost.get()).isEqualTo(8);
        assertThat(target.underWay.get()).isZero();
        assertThat(report.latencies().getTotalCount()).isGreaterThan(100);
        assertThat(report.latencies().getMinValue()).isGreaterThanOrEqualTo(199_000);
        assertThat(report.errors()).isZero();
        assertThat(report.opsPerSecond() * report.seconds())
                .isBetween(
                        report.latencies().getTotalCount() * 0.99,
                        report.latencies().getTotalCount() * 1.01);
    }

    @Test
    void answersAtOnceDoNotGrowTheStack() throws Exception {
        target(100).atOnce.set(100_000);
        Load load = new Load(closed(Workload.SET, 1), targets, new Latencies(), operation -> {});
        load.start();
        await(() -> load.done() > 100_000);
        assertThat(load.stop(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void openLoopSeesAStallInEveryOperationThatItHit() throws Exception {
        FakeTarget target = target(100);
        LoadPlan plan = new LoadPlan(Workload.GET, 4, 500, 10, "k", 1, false);
        Latencies latencies = new Latencies();
        Load load = new Load(plan, targets, latencies, operation -> {});
        latencies.open();
        load.start();
        target.stall(400);
        await(() -> load.done() > 400);
        latencies.close();
        assertThat(load.stop(Duration.ofSeconds(10))).isTrue();
        latencies.collect();

        // 200 of some 400 fell into the stall, spread evenly over it, though only 4 could be under way.
        assertThat(target.underWayMost.get()).isEqualTo(4);
        long late = latencies.total().getCountBetweenValues(100_000_000, Long.MAX_VALUE);
        assertThat(late).isBetween(130L, 260L);
        assertThat(latencies.total().getMaxValue()).isGreaterThan(350_000_000);
    }

    @Test
    void openLoopKeepsItsPace() throws Exception {
        target(100);
        LoadReport report = run(new LoadPlan(Workload.MIXED, 64, 1000, 10, "k", 10, false), 0.2, 1);
        assertThat(report.latencies().getTotalCount()).isBetween(900L, 1100L);
    }

    @Test
    void failuresAreCountedAndPaced() throws Exception {
        FakeTarget target = target(100);
        target.failing = () -> new IllegalStateException("UNKNOWN");
        LoadReport report = run(closed(Workload.SET, 2), 0, 0.3);
        assertThat(report.unknown()).isBetween(2L, 70L);
        assertThat(report.errors()).isZero();
        assertThat(report.latencies().getTotalCount()).isZero();

        target.failing = () -> new IllegalStateException("NOT_DONE");
        report = run(closed(Workload.SET, 2), 0, 0.3);
        assertThat(report.errors()).isBetween(2L, 70L);
        assertThat(report.unknown()).isZero();
    }

    @Test
    void aRefusedKindOfRequestEndsTheRun() throws Exception {
        target(100).failing = () -> new IllegalStateException("INVALID");
        LoadRun run = new LoadRun(closed(Workload.SET, 1), targets, null, line -> {});
        long start = System.nanoTime();
        run.run(30, 30);
        assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
        assertThat(run.invalid()).hasMessage("INVALID");
    }

    @Test
    void historyHoldsEveryOperationWithUniqueValues() throws Exception {
        target(50);
        Path file = folder.resolve("history.jsonl");
        LoadPlan plan = new LoadPlan(Workload.MIXED, 8, 0, 4, "h-k", 0, true);
        try (HistoryWriter history = new HistoryWriter(file)) {
            new LoadRun(plan, targets, history, line -> {}).run(0.1, 0.3);
        }
        History history = read(file);
        assertThat(history.operations()).hasSizeGreaterThan(100);
        Set<String> written = new HashSet<>();
        for (Operation operation : history.operations()) {
            assertThat(operation.outcome()).isEqualTo(Operation.Outcome.OK);
            if (operation.kind() == Operation.Kind.WRITE) {
                assertThat(written.add(operation.value())).as(operation.value()).isTrue();
            }
        }
        assertThat(Linearizability.STANDARD.check(history).isGood()).isTrue();
        assertThat(Bench.commandLine().execute("check-history", file.toString()))
                .isZero();
    }

    @Test
    void unknownWritesNeverReturnInTheHistory() throws Exception {
        target(50).failing = () -> new IllegalStateException("UNKNOWN");
        Path file = folder.resolve("history.jsonl");
        try (HistoryWriter history = new HistoryWriter(file)) {
            new LoadRun(new LoadPlan(Workload.SET, 1, 0, 1, "k", 0, true), targets, history, line -> {}).run(0, 0.05);
        }
        assertThat(read(file).operations()).isNotEmpty().allMatch(operation -> operation.returned() == Operation.NEVER);
        assertThat(Files.readString(file)).contains("\"return\":null,\"outcome\":\"unknown\"");
    }

    @Test
    void reportIsOneLineOfJson() throws Exception {
        target(100);
        LoadReport report = run(closed(Workload.MIXED, 2), 0, 0.2);
        JsonNode line = new ObjectMapper().readTree(report.toJson());
        assertThat(report.toJson()).doesNotContain("\n");
        assertThat(line.fieldNames())
                .toIterable()
                .containsExactly(
                        "workload",
                        "outstanding",
                        "seconds",
                        "ops",
                        "ops_s",
                        "p50_us",
                        "p90_us",
                        "p99_us",
                        "p999_us",
                        "max_us",
                        "errors",
                        "unknown");
        assertThat(line.get("workload").asText()).isEqualTo("mixed");
        assertThat(line.get("p50_us").asDouble()).isBetween(90.0, 50_000.0);
    }

    @Test
    void chartIsDrawn() throws Exception {
        target(100);
        LoadRun run = new LoadRun(closed(Workload.MIXED, 2), targets, null, line -> {});
        LoadReport report = run.run(0, 1.2);
        Path file = folder.resolve("chart.png");
        LoadChart.write(file, report, run.intervals());
        assertThat(Files.readAllBytes(file)).startsWith(0x89, 'P', 'N', 'G').hasSizeGreaterThan(1000);
    }

    @Test
    void valuesHaveTheirLength() {
        Values plain = new Values("c1", new LoadPlan(Workload.SET, 1, 0, 1, "k", 100, false));
        assertThat(plain.next()).hasSize(100).matches("[a-zA-Z0-9]+");
        Values unique = new Values("c1", new LoadPlan(Workload.SET, 1, 0, 1, "k", 10, true));
        assertThat(unique.next()).isEqualTo("c1-1......");
        assertThat(unique.next()).isEqualTo("c1-2......");
    }

    private FakeTarget target(long delayMicros) {
        FakeTarget target = new FakeTarget(delayMicros);
        targets.add(target);
        return target;
    }

    private LoadReport run(LoadPlan plan, double warmupSeconds, double seconds) throws Exception {
        return new LoadRun(plan, targets, null, line -> {}).run(warmupSeconds, seconds);
    }

    private static LoadPlan closed(Workload workload, int outstanding) {
        return new LoadPlan(workload, outstanding, 0, 10, "k", 10, false);
    }

    private static History read(Path file) throws Exception {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            return HistoryFile.read(lines, file.toString());
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
