package io.tenure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules of the house that no compiler checks. Each complaint names file and line. */
final class TidyTest {

    private static final int FILE_LINES_MAX = 400;
    private static final int METHOD_LINES_MAX = 70;

    private static final List<String> MODULES = List.of("protocol", "client", "node", "bench");

    private static final Pattern UNFINISHED = Pattern.compile("\\b(?:TO" + "DO|FIX" + "ME)\\b");
    private static final Pattern SLEEP = Pattern.compile("\\bThread\\s*\\.\\s*sleep\\b|\\bimport static .*\\.sleep;");
    private static final Pattern EMPTY_NAME =
            Pattern.compile("\\b(?:class|interface|enum|record)\\s+(\\w*(?:Manager|Impl|Utils?|Helper|Context))\\b");
    private static final Pattern TYPE = Pattern.compile("\\b(?:class|interface|enum|record)\\s+\\w+");
    private static final Pattern BODY = Pattern.compile("[)\\w>\\]]\\s*$");
    private static final Pattern NOISE = Pattern.compile(
            // text blocks, strings, characters, comments
            "\"\"\".*?(?<!\\\\)\"\"\"|\"(?:[^\"\\\\\\n]|\\\\.)*+\"|'(?:[^'\\\\\\n]|\\\\.)++'|//[^\\n]*+"
                    + "|/\\*.*?\\*/",
            Pattern.DOTALL);

    /** A source file, and the same without comments and strings, line for line. */
    private record Source(Path path, List<String> lines, List<String> code) {

        String at(int line) {
            return path + ":" + (line + 1);
        }
    }

    private static final List<Source> SOURCES = sources();

    @Test
    void filesAreShort() {
        List<String> complaints = new ArrayList<>();
        for (Source source : SOURCES) {
            if (source.lines.size() > FILE_LINES_MAX) {
                complaints.add(source.at(FILE_LINES_MAX) + " one of " + source.lines.size() + " lines");
            }
        }
        assertThat(complaints).as("files of more than %d lines", FILE_LINES_MAX).isEmpty();
    }

    @Test
    void methodsAreShort() {
        List<String> complaints = new ArrayList<>();
        for (Source source : SOURCES) {
            longMethods(source, complaints);
        }
        assertThat(complaints)
                .as("methods of more than %d lines", METHOD_LINES_MAX)
                .isEmpty();
    }

    @Test
    void packagesAreDescribed() {
        List<String> complaints = new ArrayList<>();
        for (Source source : SOURCES) {
            Path folder = source.path.getParent();
            boolean product = source.path.toString().replace('\\', '/').contains("/src/main/java/");
            if (product && !Files.exists(root().resolve(folder).resolve("package-info.java"))) {
                complaints.add(folder.resolve("package-info.java") + ":1 is missing");
            }
        }
        assertThat(complaints.stream().distinct())
                .as("packages without description")
                .isEmpty();
    }

    @Test
    void nothingIsLeftUnfinished() {
        assertThat(found(UNFINISHED, Source::lines)).as("unfinished places").isEmpty();
    }

    @Test
    void nobodySleeps() {
        assertThat(found(SLEEP, Source::code))
                .as("sleeps; wait for the event instead")
                .isEmpty();
    }

    @Test
    void typesSayWhatTheyAre() {
        assertThat(found(EMPTY_NAME, Source::code))
                .as("type names that say nothing")
                .isEmpty();
    }

    private static List<String> found(Pattern pattern, Function<Source, List<String>> linesOf) {
        List<String> complaints = new ArrayList<>();
        for (Source source : SOURCES) {
            List<String> lines = linesOf.apply(source);
            for (int i = 0; i < lines.size(); i++) {
                if (pattern.matcher(lines.get(i)).find()) {
                    complaints.add(source.at(i) + " " + source.lines.get(i).strip());
                }
            }
        }
        return complaints;
    }

    /** A method is a brace that opens directly inside a type, and what stands up to the one that closes it. */
    private static void longMethods(Source source, List<String> complaints) {
        List<Boolean> opened = new ArrayList<>(); // for each open brace: is it a type's?
        StringBuilder statement = new StringBuilder();
        int methodDepth = -1;
        int methodLine = 0;
        for (int i = 0; i < source.code.size(); i++) {
            for (char c : source.code.get(i).toCharArray()) {
                if (c == '{') {
                    boolean type = TYPE.matcher(statement).find();
                    boolean inType = !opened.isEmpty() && opened.get(opened.size() - 1);
                    if (methodDepth < 0
                            && !type
                            && inType
                            && BODY.matcher(statement).find()) {
                        methodDepth = opened.size();
                        methodLine = i;
                    }
                    opened.add(type);
                    statement.setLength(0);
                } else if (c == '}') {
                    opened.remove(opened.size() - 1);
                    int length = i - methodLine + 1;
                    if (opened.size() == methodDepth) {
                        if (length > METHOD_LINES_MAX) {
                            complaints.add(source.at(methodLine) + " has " + length + " lines");
                        }
                        methodDepth = -1;
                    }
                    statement.setLength(0);
                } else if (c == ';') {
                    statement.setLength(0);
                } else {
                    statement.append(c);
                }
            }
            statement.append(' ');
        }
    }

    private static List<Source> sources() {
        List<Source> sources = new ArrayList<>();
        for (String module : MODULES) {
            Path folder = root().resolve(module).resolve("src");
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path path : paths.filter(p -> p.toString().endsWith(".java"))
                        .sorted()
                        .toList()) {
                    String text = Files.readString(path);
                    sources.add(new Source(
                            root().relativize(path),
                            text.lines().toList(),
                            withoutNoise(text).lines().toList()));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        assertThat(sources).isNotEmpty();
        return sources;
    }

    private static String withoutNoise(String text) {
        return NOISE.matcher(text)
                .replaceAll(noise -> Matcher.quoteReplacement("\n".repeat((int)
                        noise.group().chars().filter(c -> c == '\n').count())));
    }

    /** The folder that holds the modules, wherever in it the tests were started. */
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("protocol/src"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("not started inside the repository");
            }
        }
        return folder;
    }
}
