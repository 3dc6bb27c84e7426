package io.tenure.bench.process;

import java.io.IOException;
import java.io.InputStream;
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

/**
 * The log of a node as people read it: the lines of {@code logs-<first index>.txt}, then those of {@code logs.txt}.
 *
 * @param firstIndex of the first line; what came before is in no file any more
 */
public record LogText(long firstIndex, String text) {
    private static final Pattern SEGMENT = Pattern.compile("logs-(\\d+)\\.txt");
    private static final Pattern LOG_START = Pattern.compile("(?m)^logStart (\\d+) ");

    /** A log that begins at its beginning. */
    public LogText(String text) {
        this(1, text);
    }

    /** Reads what stands in a node's folder at the moment. */
    public static LogText read(Path folder) throws IOException {
        Map<Long, Path> files = segments(folder);
        long first = firstIndex(folder, files);
        StringBuilder text = new StringBuilder();
        for (Path file : files.values()) {
            text.append(Files.readString(file, StandardCharsets.UTF_8));
        }
        Path current = folder.resolve("logs.txt");
        if (Files.exists(current)) {
            text.append(Files.readString(current, StandardCharsets.UTF_8));
        }
        return new LogText(first, text.toString());
    }

    /** Index of the last whole line in a node's folder at the moment, without reading all of its log into memory. */
    public static long lastIndex(Path folder) throws IOException {
        Map<Long, Path> files = segments(folder);
        long lines = firstIndex(folder, files) - 1;
        List<Path> all = new ArrayList<>(files.values());
        Path current = folder.resolve("logs.txt");
        if (Files.exists(current)) {
            all.add(current);
        }
        byte[] buffer = new byte[1 << 16];
        for (Path file : all) {
            try (InputStream in = Files.newInputStream(file)) {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    for (int i = 0; i < read; i++) {
                        lines += buffer[i] == '\n' ? 1 : 0;
                    }
                }
            }
        }
        return lines;
    }

    private static long firstIndex(Path folder, Map<Long, Path> segments) throws IOException {
        return segments.isEmpty()
                ? logStart(folder) + 1
                : segments.keySet().iterator().next();
    }

    /** The files in a folder that were put aside, by the index of their first entry. */
    public static Map<Long, Path> segments(Path folder) throws IOException {
        Map<Long, Path> files = new TreeMap<>();
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path path : entries.toList()) {
                Matcher name = SEGMENT.matcher(path.getFileName().toString());
                if (name.matches()) {
                    files.put(Long.parseLong(name.group(1)), path);
                }
            }
        }
        return files;
    }

    /** Index of the last entry that is in no log file any more, as the node's metadata have it. */
    private static long logStart(Path folder) throws IOException {
        Path metadata = folder.resolve("metadata.txt");
        Matcher line = LOG_START.matcher(Files.exists(metadata) ? Files.readString(metadata) : "");
        return line.find() ? Long.parseLong(line.group(1)) : 0;
    }

    /** Its lines, without those that are not yet written to the end. */
    public List<String> lines() {
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    /** Index of the last whole line. */
    public long lastIndex() {
        return firstIndex - 1 + text.chars().filter(c -> c == '\n').count();
    }

    /** The lines that are writes: {@code SET <key> <value> <term>}. */
    public List<String> sets() {
        return lines().stream().filter(line -> line.startsWith("SET ")).toList();
    }

    /** Index of the first line in which two logs that begin alike differ, from 0; -1 if they are equal. */
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
