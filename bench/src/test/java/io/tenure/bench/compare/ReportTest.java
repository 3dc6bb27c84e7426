package io.tenure.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tenure.bench.floor.Forces;
import io.tenure.bench.process.Folders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {
    private static final Map<String, String> MACHINE = Map.of("file system", "ext4");

    @TempDir
    Path folder;

    private final Results results = new Results();
    private final ComparisonPlan plan = new ComparisonPlan(
            3, 5, 10, 1000, 1, List.of("tenure", "fast", "slow"), List.of(Line.values()), Path.of("x"));

    @Test
    void mediansAreTheMiddle() {
        assertThat(Results.median()).isEmpty();
        assertThat(Results.median(3)).hasValue(3);
        assertThat(Results.median(9, 1, 5)).hasValue(5);
        assertThat(Results.median(4, 1, 2, 9)).hasValue(3);
    }

    @Test
    void ratiosAreToTheBestOther() {
        fill();
        Row writes = row("W1024 SET/s");
        assertThat(writes.best(results).system().name()).isEqualTo("fast");
        assertThat(writes.ratio(results)).hasValue(2);
        assertThat(writes.byFloor(results, "tenure")).hasValue(0.5);
        Row latency = row("W1 p50, us");
        assertThat(latency.best(results).system().name()).isEqualTo("fast");
        assertThat(latency.ratio(results)).hasValue(0.75);
        // Two round trips of 50 us, and a force of 200.
        assertThat(latency.floorValue(results)).hasValue(300);
        assertThat(latency.byFloor(results, "tenure")).hasValue(1);
        assertThat(row("R1 p50, us").best(results)).isNull();
        assertThat(row("R1 p50, us").ratio(results)).isEmpty();
    }

    @Test
    void thePageHasEveryFigureAndEveryTrouble() {
        fill();
        String page = MarkdownReport.of(results, plan, MACHINE, "compare.png");
        assertThat(page)
                .contains("- file system: ext4")
                .contains(
                        "- forces per second of the disk, 192 bytes appended each: - by one writer, 9,000 by three at once")
                .contains("| | Tenure | Fast | Slow | better | best other | Tenure / best | floor | Tenure x floor |")
                .contains("| W1024 SET/s | 200,000 | 100,000 | 1,000 | more | Fast | 2.00x | 400,000 | 0.50x |")
                .contains("| W1 p50, us | 300 | 400 | 900 | less | Fast | 0.75x | 300 | 1.00x |")
                .contains("- gone, round 2: there is no such program")
                .contains("- slow, round 1, R64: it fell over")
                .contains("- **Slow** 1.0: sync on. *Beware.*")
                .doesNotContain("GET/s |");
    }

    @Test
    void theFileHasEverySample() throws Exception {
        fill();
        JsonNode root = new ObjectMapper().readTree(JsonReport.of(results, plan, MACHINE));
        assertThat(root.at("/samples")).hasSize(results.samples().size());
        assertThat(root.at("/rows/0/medians/tenure").asDouble()).isEqualTo(200_000);
        assertThat(root.at("/rows/0/best_other").asText()).isEqualTo("fast");
        assertThat(root.at("/rows/0/tenure_by_best").asDouble()).isEqualTo(2);
        assertThat(root.at("/troubles/0/reason").asText()).isEqualTo("there is no such program");
        assertThat(root.at("/machine/file system").asText()).isEqualTo("ext4");
    }

    @Test
    void thePictureIsOne() throws Exception {
        Path file = folder.resolve("c.png");
        assertThat(ComparisonChart.write(file, results)).isFalse();
        fill();
        assertThat(ComparisonChart.write(file, results)).isTrue();
        assertThat(ImageIO.read(file.toFile()).getWidth()).isGreaterThan(1000);
        assertThat(Files.size(file)).isPositive();
    }

    @Test
    void memoryIsNoDisk() {
        assertThat(Folders.isMemory("tmpfs")).isTrue();
        assertThat(Folders.isMemory("ext4")).isFalse();
    }

    private static Row row(String label) {
        return Row.ALL.stream()
                .filter(row -> row.label().equals(label))
                .findFirst()
                .orElseThrow();
    }

    private void fill() {
        results.add(system("echo", "Echo"));
        results.add(system("tenure", "Tenure"));
        results.add(system("fast", "Fast"));
        results.add(system("slow", "Slow"));
        results.add(new Forces(3, 9000, 200, 900));
        sample("echo", Line.W1024, "ops_s", 400_000);
        sample("echo", Line.W1, "p50_us", 50);
        for (double ops : new double[] {150_000, 200_000, 900_000}) {
            sample("tenure", Line.W1024, "ops_s", ops);
        }
        sample("fast", Line.W1024, "ops_s", 100_000);
        sample("slow", Line.W1024, "ops_s", 1_000);
        sample("tenure", Line.W1, "p50_us", 300);
        sample("fast", Line.W1, "p50_us", 400);
        sample("slow", Line.W1, "p50_us", 900);
        results.add(new Results.Trouble("gone", 2, null, "there is no such program"));
        results.add(new Results.Trouble("slow", 1, Line.R64, "it fell over"));
    }

    private static SystemInfo system(String name, String title) {
        return new SystemInfo(name, title, "1.0", List.of("sync on"), List.of("Beware."));
    }

    private void sample(String system, Line line, String figure, double value) {
        results.add(new Results.Sample(system, 1, line, Map.of(figure, value)));
    }
}
