package io.tenure.bench.compare;

import com.sun.management.OperatingSystemMXBean;
import io.tenure.bench.process.Folders;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What measurements were run on. */
public final class Machine {
    private static final Path CPU = Path.of("/proc/cpuinfo");

    private Machine() {}

    /**
     * All that a reader must know, by name.
     *
     * @param folder on the disk in question
     * @param source of which the commit is told; below it lies this build
     */
    public static Map<String, String> describe(Path folder, Path source, List<String> jvmOptions)
            throws IOException, InterruptedException {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("commit", commit(source));
        facts.put("file system", Folders.fileSystem(folder));
        facts.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("CPU", cpuModel() + ", " + Runtime.getRuntime().availableProcessors() + " cores");
        facts.put("memory", (system.getTotalMemorySize() >> 30) + " GiB");
        facts.put("JVM", System.getProperty("java.vm.name") + " " + Runtime.version());
        facts.put("JVM options of nodes and clients", String.join(" ", jvmOptions));
        return facts;
    }

    private static String cpuModel() throws IOException {
        if (Files.isReadable(CPU)) {
            try (Stream<String> lines = Files.lines(CPU)) {
                return lines.filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElse(System.getProperty("os.arch"));
            }
        }
        return System.getProperty("os.arch");
    }

    private static String commit(Path source) throws IOException, InterruptedException {
        String commit = git(source, "rev-parse", "--short=12", "HEAD");
        if (commit.isEmpty()) {
            return "unknown";
        }
        return git(source, "status", "--porcelain", "--untracked-files=no").isEmpty()
                ? commit
                : commit + ", with changes that are not committed";
    }

    private static String git(Path source, String... arguments) throws InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of("git", "-C", source.toString()));
        command.addAll(List.of(arguments));
        try {
            Process git = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String answer = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return git.waitFor() == 0 ? answer.strip() : "";
        } catch (IOException e) {
            return ""; // No git here: a source archive, say.
        }
    }
}
