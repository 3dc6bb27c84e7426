package io.tenure.bench.readme;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a command printed, errors included, and its exit code.
 *
 * @param output of both streams
 */
public record Shell(int exitCode, String output) {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /**
     * Runs it to its end, with the Java that runs this test.
     *
     * @param scratch a file for the output, replaced: a pipe would be held open by what the command leaves running
     */
    public static Shell run(Path folder, Path scratch, List<String> command) throws IOException, InterruptedException {
        return run(folder, scratch, Map.of(), command);
    }

    /** As {@link #run(Path, Path, List)}, with more in its environment; a PATH stands before that of this process. */
    public static Shell run(Path folder, Path scratch, Map<String, String> more, List<String> command)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(scratch.toFile());
        Map<String, String> environment = builder.environment();
        String java = System.getProperty("java.home");
        environment.put("JAVA_HOME", java);
        String path = Path.of(java, "bin") + File.pathSeparator + environment.get("PATH");
        environment.putAll(more);
        environment.put("PATH", more.containsKey("PATH") ? more.get("PATH") + File.pathSeparator + path : path);
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(command + " does not end; it said: " + Files.readString(scratch));
            }
        } finally {
            process.destroyForcibly();
        }
        return new Shell(process.exitValue(), Files.readString(scratch));
    }
}
