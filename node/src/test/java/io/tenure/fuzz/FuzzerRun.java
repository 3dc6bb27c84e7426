package io.tenure.fuzz;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** One run of the fuzzer, in a process of its own, starting from the kept corpus. */
final class FuzzerRun {
    private static final String FUZZER = "com.code_intelligence.jazzer.Jazzer";
    private static final String INSTRUMENTED = "io.tenure.**:org.snakeyaml.engine.**";
    private static final String NOT_INSTRUMENTED = "io.tenure.fuzz.Corpus:io.tenure.fuzz.Fuzzer**";

    /** Takes Netty's own use of memory for an attack, and fails. */
    private static final String NO_HOOKS = "com.code_intelligence.jazzer.sanitizers.UnsafeSanitizer";

    /** A leak shows as an end of memory. */
    private static final String HEAP = "-Xmx256m";

    private static final int INPUT_SECONDS_MAX = 30;
    private static final int LAST_LINES = 60;

    private final FuzzTarget target;
    private final Path folder;
    private final List<String> lines = new ArrayList<>();

    /**
     * Prepares a run.
     *
     * @param target null for all of them in turn
     * @param folder for what the fuzzer writes
     */
    FuzzerRun(FuzzTarget target, Path folder) {
        this.target = target;
        this.folder = folder;
    }

    /**
     * Fuzzes until the limits are reached or something is found.
     *
     * @param limits in the fuzzer's own words
     * @param progress sees each line that it prints
     * @return what it found: the stack trace and the line for the corpus; empty if nothing
     */
    String run(List<String> limits, Consumer<String> progress) throws IOException, InterruptedException {
        Path found = Files.createDirectories(folder.resolve("found"));
        Path grown = Files.createDirectories(folder.resolve("grown"));
        Path kept = Files.createDirectories(folder.resolve("kept"));
        writeKept(kept);
        List<String> command = new ArrayList<>(command());
        command.addAll(limits);
        command.addAll(List.of("-artifact_prefix=" + found + "/", grown.toString(), kept.toString()));
        int exitCode = fuzz(command, progress);
        return exitCode == 0 ? "" : finding(exitCode, found);
    }

    /**
     * The inputs that cover more than the kept ones, fewest and smallest first choice, as lines for the corpus file.
     *
     * @param bytesMax larger ones are left out
     */
    List<String> worthKeeping(int bytesMax, Consumer<String> progress) throws IOException, InterruptedException {
        Path merged = Files.createDirectories(folder.resolve("merged"));
        List<String> command = new ArrayList<>(command());
        command.add("-merge=1");
        command.add("-max_len=" + bytesMax);
        // What covers something new is copied into the first folder, which has the kept ones already.
        writeKept(merged);
        command.addAll(List.of(merged.toString(), folder.resolve("grown").toString()));
        fuzz(command, progress);
        List<String> worth = new ArrayList<>();
        for (Path input : filesOf(merged)) {
            String name = input.getFileName().toString();
            if (!name.startsWith("kept-")) {
                worth.add("covers-" + name.substring(0, 8) + " " + Corpus.escape(Files.readAllBytes(input)));
            }
        }
        return worth;
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (argument.startsWith("--add-")
                    || argument.startsWith("--enable-native-access")
                    || argument.startsWith("--sun-misc-unsafe-memory-access")) {
                command.add(argument);
            }
        }
        command.addAll(List.of(HEAP, "-XX:+UseSerialGC", "-Dtest.log=OFF"));
        if (target != null) {
            command.add("-D" + FuzzerEntry.TARGET + "=" + target.label());
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), FUZZER));
        command.add("--target_class=" + FuzzerEntry.class.getName());
        command.add("--instrumentation_includes=" + INSTRUMENTED);
        command.add("--instrumentation_excludes=" + NOT_INSTRUMENTED);
        command.add("--custom_hook_includes=" + INSTRUMENTED);
        command.add("--disabled_hooks=" + NO_HOOKS);
        command.add("--reproducer_path=" + folder);
        command.add("-timeout=" + INPUT_SECONDS_MAX);
        // What it takes for its own peak is, on Linux, at least that of the process which started it. The heap is
        // bounded.
        command.add("-rss_limit_mb=0");
        return command;
    }

    private void writeKept(Path kept) throws IOException {
        for (FuzzTarget each : target == null ? FuzzTarget.values() : new FuzzTarget[] {target}) {
            for (Corpus.Case one : Corpus.of(each)) {
                byte[] input = target == null ? FuzzerEntry.addressed(each, one.input()) : one.input();
                Files.write(kept.resolve("kept-" + each.label() + "-" + one.name()), input);
            }
        }
    }

    private int fuzz(List<String> command, Consumer<String> progress) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        Thread hook = new Thread(process::destroyForcibly, "end-fuzzer");
        Runtime.getRuntime().addShutdownHook(hook);
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
                progress.accept(line);
                if (lines.size() > LAST_LINES) {
                    lines.remove(0);
                }
            }
            return process.waitFor();
        } finally {
            process.destroyForcibly();
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }

    private String finding(int exitCode, Path found) throws IOException {
        StringBuilder text = new StringBuilder("the fuzzer ended with exit code " + exitCode + "\n");
        for (Path input : filesOf(found)) {
            byte[] bytes = Files.readAllBytes(input);
            FuzzTarget hit = target;
            if (target == null && bytes.length > 0) {
                hit = FuzzerEntry.addressee(bytes);
                bytes = FuzzerEntry.withoutAddress(bytes);
            }
            text.append("a line for the corpus of ")
                    .append(hit == null ? "any target" : hit.label())
                    .append(":\n")
                    .append(input.getFileName().toString(), 0, 14)
                    .append(' ')
                    .append(Corpus.escape(bytes))
                    .append('\n');
        }
        lines.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    private static List<Path> filesOf(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
