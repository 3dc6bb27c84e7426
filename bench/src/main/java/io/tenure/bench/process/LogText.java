package io.tenure.bench.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The log of a node as people read it: the lines of {@code logs-<first index>.txt}, then those of {@code logs.txt}. */
public record LogText(String text) {
    private static final Pattern SEGMENT = Pattern.compile("logs-(\\d+)\\.txt");

    /** Reads what stands in a node's folder at the moment. */
    public static LogText read(Path folder) throws IOException {
        Map<Long, Path> files = new TreeMap<>();
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path path : entries.toList()) {
                Matcher name = SEGMENT.matcher(path.getFileName().toString());
                if (name.matches()) {
                    files.put(Long.parseLong(name.group(1)), path);
                } else if (path.endsWith("logs.txt")) {
                    files.put(Long.MAX_VALUE, path);
                }
            }
        }
        StringBuilder text = new StringBuilder();
        for (Path file : files.values()) {
            text.append(Files.readString(file, StandardCharsets.UTF_8));
        }
        return new LogText(text.toString());
    }

    /** Its lines, without those that are not yet written to the end. */
    public List<String> lines() {
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    /** The lines that are writes: {@code SET <key> <value> <term>}. */
    public List<String> sets() {
        return lines().stream().filter(line -> line.startsWith("SET ")).toList();
    }

    /** Index of the first line in which two logs differ, -1 if they are equal. */
    public int firstDifference(LogText other) {
        if (text.equals(other.text)) {
            return -1;
        }
        List<String> mine = new ArrayList<>(text.lines().toList());
        List<String> theirs = new ArrayList<>(other.text.lines().toList());
        int common = Math.min(mine.size(), theirs.size());
        for (int i = 0; i < common; i++) {
            if (!mine.get(i).equals(theirs.get(i))) {
                return i;
            }
        }
        return common;
    }
}
