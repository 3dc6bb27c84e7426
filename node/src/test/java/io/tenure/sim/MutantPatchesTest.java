package io.tenure.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The planted bugs of {@code node/mutants.sh} still fit the source they are planted into. */
class MutantPatchesTest {
    static Stream<Path> patches() {
        try (Stream<Path> files = Files.list(module().resolve("src/test/mutants"))) {
            return files.sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("patches")
    void fits(Path patch) throws IOException {
        List<String> lines = Files.readAllLines(patch);
        assertThat(lines.get(0)).startsWith("Bug: ");
        assertThat(lines.get(1)).startsWith("Killed by: ");
        String source = null;
        List<String> hunk = new ArrayList<>();
        int hunks = 0;
        for (String line : lines) {
            if (line.startsWith("+++ b/")) {
                hunks += check(source, hunk);
                source = Files.readString(module().resolve("..").resolve(line.substring("+++ b/".length())));
            } else if (line.startsWith("@@")) {
                hunks += check(source, hunk);
            } else if (source != null && (line.startsWith(" ") || line.startsWith("-")) && !line.startsWith("--- ")) {
                hunk.add(line.substring(1));
            }
        }
        assertThat(hunks + check(source, hunk)).isPositive();
    }

    private static int check(String source, List<String> hunk) {
        if (hunk.isEmpty()) {
            return 0;
        }
        assertThat(source).contains(String.join("\n", hunk) + "\n");
        hunk.clear();
        return 1;
    }

    private static Path module() {
        Path here = Path.of("").toAbsolutePath();
        return Files.isDirectory(here.resolve("src/test/mutants")) ? here : here.resolve("node");
    }
}
