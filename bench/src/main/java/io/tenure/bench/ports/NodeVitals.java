package io.tenure.bench.ports;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a process takes of its machine. Of Linux; elsewhere the numbers are -1.
 *
 * @param heapBytes used after a full collection
 * @param residentBytes memory that the process has of the machine
 * @param files open file descriptors
 */
public record NodeVitals(long heapBytes, long residentBytes, long threads, long files) {
    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    /** Measures a Java process, after a collection of its garbage. */
    public static NodeVitals of(long pid) throws IOException, InterruptedException {
        jcmd(pid, "GC.run");
        long heapKilobytes = 0;
        Matcher used = USED.matcher(jcmd(pid, "GC.heap_info"));
        // The serial collector's two generations; what follows is not the heap.
        for (int generation = 0; generation < 2 && used.find(); generation++) {
            heapKilobytes += Long.parseLong(used.group(1));
        }
        Path process = Path.of("/proc", Long.toString(pid));
        if (!Files.isDirectory(process)) {
            return new NodeVitals(heapKilobytes << 10, -1, -1, -1);
        }
        String status = Files.readString(process.resolve("status"));
        try (Stream<Path> files = Files.list(process.resolve("fd"))) {
            return new NodeVitals(
                    heapKilobytes << 10, field(status, "VmRSS") << 10, field(status, "Threads"), files.count());
        }
    }

    private static long field(String status, String name) {
        Matcher matcher = Pattern.compile("(?m)^" + name + ":\\s+(\\d+)").matcher(status);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : -1;
    }

    private static String jcmd(long pid, String what) throws IOException, InterruptedException {
        String program = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process process = new ProcessBuilder(program, Long.toString(pid), what)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("jcmd " + pid + " " + what + ": " + output.strip());
        }
        return output;
    }
}
