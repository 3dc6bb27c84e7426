package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code KNOWN_BUGS.md} names tests that exist, numbers its forty items, and leaves no scenario out. */
final class KnownBugsTest {
    private static final List<String> MODULES = List.of("protocol", "client", "node", "bench");
    private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\|[^|]+\\|([^|]+)\\|");
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");
    private static final Pattern TEST = Pattern.compile("@(?:ParameterizedTest|Test|Property)\\b[^;]*?void (\\w+)\\(");

    /** Text of each source file of tests, by the name of its class. */
    private final Map<String, String> tests = new TreeMap<>();

    private final Path folder = TidyTest.root().resolve("node/src/test");
    private final List<MatchResult> rows =
            ROW.matcher(read(folder.resolve("KNOWN_BUGS.md"))).results().toList();

    KnownBugsTest() throws IOException {
        for (String module : MODULES) {
            try (Stream<Path> paths = Files.walk(TidyTest.root().resolve(module).resolve("src/test/java"))) {
                paths.filter(path -> path.toString().endsWith(".java"))
                        .forEach(path -> tests.put(path.getFileName().toString().replace(".java", ""), read(path)));
            }
        }
    }

    @Test
    void everyItemIsThereOnce() {
        assertThat(rows)
                .extracting(row -> Integer.valueOf(row.group(1)))
                .isEqualTo(IntStream.rangeClosed(1, 40).boxed().toList());
    }

    @Test
    void whateverIsNamedExists() {
        for (MatchResult row : rows) {
            List<String> names = NAME.matcher(row.group(2))
                    .results()
                    .map(name -> name.group(1))
                    .toList();
            assertThat(!names.isEmpty() || row.group(2).contains("waits for"))
                    .as("item %s is kept out by something", row.group(1))
                    .isTrue();
            assertThat(names).as("item %s", row.group(1)).allMatch(this::exists);
        }
    }

    @Test
    void everyScenarioIsNamed() {
        List<String> named = rows.stream()
                .flatMap(row -> NAME.matcher(row.group(2)).results())
                .map(name -> name.group(1))
                .toList();
        tests.forEach((name, text) -> {
            if (name.endsWith("ScenarioTest")) {
                Matcher test = TEST.matcher(text);
                assertThat(test.results().map(each -> name + '.' + each.group(1)))
                        .as(name)
                        .isNotEmpty()
                        .allMatch(named::contains);
            }
        });
    }

    private boolean exists(String name) {
        if (name.endsWith(".patch")) {
            return Files.exists(folder.resolve("mutants").resolve(name));
        }
        int dot = name.indexOf('.');
        String text = tests.get(dot < 0 ? name : name.substring(0, dot));
        if (text == null || dot < 0) {
            return text != null;
        }
        String member = name.substring(dot + 1);
        return name.startsWith("Script.")
                ? Pattern.compile("(?m)^    " + member + " \\{").matcher(text).find()
                : TEST.matcher(text).results().anyMatch(test -> test.group(1).equals(member));
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
