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
record Shell(int exitCode, String output) {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /**
     * Runs it to its end, with the Java that runs this test.
     *
     * @param scratch a file for the output, replaced: a pipe would be held open by what the command leaves running
     */
    static Shell run(Path folder, Path scratch, List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(scratch.toFile());
        Map<String, String> environment = builder.environment();
        String java = System.getProperty("java.home");
        environment.put("JAVA_HOME", java);
        environment.put("PATH", Path.of(java, "bin") + File.pathSeparator + environment.get("PATH"));
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
