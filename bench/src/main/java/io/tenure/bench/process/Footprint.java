package io.tenure.bench.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What a node takes of the machine. */
public final class Footprint {
    private static final long KIB = 1024;

    private Footprint() {}

    /** Resident memory of a process, in bytes. */
    public static long residentBytes(long pid) throws IOException, InterruptedException {
        Process ps = new ProcessBuilder("ps", "-o", "rss=", "-p", Long.toString(pid)).start();
        String answer = new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (ps.waitFor() != 0) {
            throw new IOException("ps knows no process " + pid);
        }
        return Long.parseLong(answer) * KIB;
    }

    /** Bytes of the log files in a node's folder, indexes included. */
    public static long logBytes(Path folder) throws IOException {
        return bytes(folder, name -> name.startsWith("logs"));
    }

    /** Bytes of {@code logs.txt} and those that were put aside. */
    public static long logTextBytes(Path folder) throws IOException {
        return bytes(folder, name -> name.startsWith("logs") && name.endsWith(".txt"));
    }

    /** Bytes of a node's snapshots, complete or not. */
    public static long snapshotBytes(Path folder) throws IOException {
        return bytes(folder, name -> name.startsWith("snapshot"));
    }

    private static long bytes(Path folder, Predicate<String> names) throws IOException {
        List<Path> files;
        try (Stream<Path> entries = Files.list(folder)) {
            files = entries.filter(path -> names.test(path.getFileName().toString()))
                    .toList();
        }
        long total = 0;
        for (Path file : files) {
            try {
                total += Files.size(file);
            } catch (NoSuchFileException e) {
                total += 0; // Deleted or renamed in between: what it was is on its way out.
            }
        }
        return total;
    }
}
