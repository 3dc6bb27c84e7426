package io.tenure.bench.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a shell in the place of a node. */
final class NodeProcessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private NodeProcess process;

    @AfterEach
    void kill() throws Exception {
        process.kill();
    }

    private void start(String script) throws IOException {
        process = new NodeProcess(List.of("sh", "-c", script), folder.resolve("out"));
        process.start();
    }

    @Test
    void endsOnKillEvenIfItRefusesTerm() throws Exception {
        start("trap '' TERM; echo ready; while true; do sleep 0.1; done");
        awaitOutput("ready");
        assertThatThrownBy(() -> process.terminate(Duration.ofMillis(300)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("did not end in 0 s after TERM; it said: ready");
        assertThat(process.isRunning()).isTrue();
        process.kill();
        assertThat(process.isRunning()).isFalse();
    }

    @Test
    void endsOnTermWithItsExitCode() throws Exception {
        start("trap 'exit 7' TERM; echo ready; while true; do sleep 0.05; done");
        awaitOutput("ready");
        assertThat(process.terminate(PATIENCE)).isEqualTo(7);
    }

    @Test
    void standsStillWhilePaused() throws Exception {
        start("while true; do echo tick; sleep 0.01; done");
        awaitOutput("tick");
        process.pause();
        assertThat(process.isPaused()).isTrue();
        // A child may still be about to end; nothing more is printed after that.
        Await.pause(Duration.ofMillis(100));
        long size = Files.size(folder.resolve("out"));
        Await.pause(Duration.ofMillis(200));
        assertThat(Files.size(folder.resolve("out"))).isEqualTo(size);
        process.resume();
        Await.await(PATIENCE, () -> sizeOfOutput() > size ? Boolean.TRUE : null, () -> "output after CONT");
    }

    @Test
    void outputOfAllRunsStays() throws Exception {
        start("echo one run");
        Await.await(PATIENCE, () -> process.isRunning() ? null : Boolean.TRUE, () -> "the end");
        process.start();
        Await.await(PATIENCE, () -> process.isRunning() ? null : Boolean.TRUE, () -> "the end");
        assertThat(process.lastWords()).isEqualTo("one run" + System.lineSeparator() + "one run");
        assertThatThrownBy(() -> process.pause())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not running");
    }

    private void awaitOutput(String text) throws InterruptedException {
        Await.await(
                PATIENCE,
                () -> process.lastWords().contains(text) ? Boolean.TRUE : null,
                () -> text + " in its output");
    }

    private long sizeOfOutput() {
        try {
            return Files.size(folder.resolve("out"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
