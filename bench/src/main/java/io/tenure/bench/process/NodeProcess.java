package io.tenure.bench.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One node's process, or the lack of it. One thread at a time. */
public final class NodeProcess {
    private static final Duration KILL_PATIENCE = Duration.ofSeconds(20);
    private static final int LAST_LINES = 15;

    private final List<String> command;
    private final Path output;
    private Process process;
    private boolean paused;

    /**
     * Starts nothing yet.
     *
     * @param output takes what it prints, errors included, after what is there already
     */
    public NodeProcess(List<String> command, Path output) {
        this.command = List.copyOf(command);
        this.output = output;
    }

    /** Starts it; its standard input is empty. */
    public void start() throws IOException {
        if (isRunning()) {
            throw new IllegalStateException("already running: " + process.pid());
        }
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
        process.getOutputStream().close();
        paused = false;
    }

    /** Whether it was started and has not ended. */
    public boolean isRunning() {
        return process != null && process.isAlive();
    }

    boolean isPaused() {
        return paused;
    }

    /** Its id, once it was started. */
    public long pid() {
        return process.pid();
    }

    /** Processor time that it has used since its start. */
    public Duration cpuTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Ends it at once (KILL), and waits until it is gone. */
    public void kill() throws InterruptedException {
        if (!isRunning()) {
            return;
        }
        process.destroyForcibly();
        if (!process.waitFor(KILL_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("process " + process.pid() + " survives KILL");
        }
    }

    /**
     * Asks it to end (TERM).
     *
     * @return its exit code
     */
    public int terminate(Duration patience) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("process " + process.pid() + " did not end in " + patience.toSeconds()
                    + " s after TERM; it said: " + lastWords());
        }
        return process.exitValue();
    }

    void pause() throws IOException, InterruptedException {
        signal("STOP");
        paused = true;
    }

    void resume() throws IOException, InterruptedException {
        signal("CONT");
        paused = false;
    }

    private void signal(String name) throws IOException, InterruptedException {
        if (!isRunning()) {
            throw new IllegalStateException("not running; it said: " + lastWords());
        }
        // The shell's own kill: not every machine has another one.
        Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid())
                .redirectErrorStream(true)
                .start();
        String complaint = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (kill.waitFor() != 0) {
            throw new IOException("kill -" + name + " " + process.pid() + ": " + complaint.strip());
        }
    }

    /** The end of what it printed. */
    public String lastWords() {
        try {
            List<String> lines = Files.readAllLines(output);
            return String.join(
                    System.lineSeparator(), lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
        } catch (IOException e) {
            return "(" + output + " can't be read: " + e + ")";
        }
    }

    /** For a shutdown hook: ends it without waiting. */
    public void destroy() {
        if (isRunning()) {
            process.destroyForcibly();
        }
    }
}
