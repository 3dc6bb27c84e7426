package io.tenure.bench.readme;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** README.md in its parts. */
public record Readme(List<String> lines) {
    /** Folder of the repository: tests run in that of their module. */
    public static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    /** All of them. */
    static final List<String> FILES = List.of("README.md", "deploy/gcp/README.md");

    private static final String FENCE = "```";
    private static final Pattern INLINE = Pattern.compile("`([^`]+)`");

    static Readme read() throws IOException {
        return read("README.md");
    }

    /** Another one, by its path in the repository. */
    public static Readme read(String file) throws IOException {
        return new Readme(Files.readAllLines(ROOT.resolve(file)));
    }

    /** The first fenced block of a language after the line with this text. */
    public String blockAfter(String text, String language) {
        int from = 0;
        while (!lines.get(from).contains(text)) {
            from++;
        }
        while (!lines.get(from).equals(FENCE + language)) {
            from++;
        }
        int to = from + 1;
        while (!lines.get(to).equals(FENCE)) {
            to++;
        }
        return String.join("\n", lines.subList(from + 1, to)) + "\n";
    }

    /** What can be typed: the lines of sh blocks, and elsewhere what begins like one of our commands. */
    List<String> commands() {
        List<String> commands = new ArrayList<>();
        String block = null;
        for (String line : lines) {
            if (line.startsWith(FENCE)) {
                block = block == null ? line.substring(FENCE.length()) : null;
            } else if (block == null) {
                INLINE.matcher(line)
                        .results()
                        .map(match -> match.group(1))
                        .filter(Readme::isOurs)
                        .forEach(commands::add);
            } else if (block.equals("sh") || isOurs(line)) {
                commands.add(line);
            }
        }
        return commands;
    }

    private static boolean isOurs(String text) {
        return text.startsWith("java -jar ") || text.matches("[a-z]+/\\S*\\.sh\\b.*");
    }
}
