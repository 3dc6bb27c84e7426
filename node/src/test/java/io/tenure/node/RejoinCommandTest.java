package io.tenure.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.journal.FileDisk;
import io.tenure.journal.Identity;
import io.tenure.journal.Journal;
import io.tenure.journal.JournalLimits;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code node.jar rejoin}, which asks nothing, and says what it did. */
final class RejoinCommandTest {
    private static final String THREE = """
            nodeId: 0
            clusterId: test
            members:
              - {id: 0, peer: 'localhost:7100', client: 'localhost:7200'}
              - {id: 1, peer: 'localhost:7101', client: 'localhost:7201'}
              - {id: 2, peer: 'localhost:7102', client: 'localhost:7202'}
            dataDir: 'DATA'
            """;

    @TempDir
    Path folder;

    private Path conf;
    private Path data;
    private String out;
    private String err;

    @BeforeEach
    void writeSettings() throws IOException {
        conf = folder.resolve("node0.yaml");
        data = folder.resolve("data/logs_node_0");
        Files.writeString(conf, THREE.replace("DATA", folder.resolve("data").toString()));
    }

    @Test
    void theOldFolderIsKeptAndTheNewOneKnows() throws IOException {
        open().close();
        assertThat(rejoin()).isZero();
        assertThat(err).isEmpty();
        assertThat(out)
                .contains(
                        "node 0 of cluster test begins anew in " + data + "\n",
                        "the folder that was there is kept as " + data + ".old-1\n",
                        "10 s have passed",
                        "\"has rejoined\"");
        assertThat(folder.resolve("data/logs_node_0.old-1/metadata.txt")).exists();
        assertThat(data.resolve("metadata.txt")).content().contains("\nrejoining true\n");
        assertThat(data.resolve("logs.txt")).isEmptyFile();
    }

    @Test
    void aMissingFolderIsMade() {
        assertThat(rejoin()).isZero();
        assertThat(out).contains("there was no folder before\n");
        assertThat(data.resolve("metadata.txt")).content().contains("\nrejoining true\n");
    }

    @Test
    void notWhileTheNodeRuns() {
        try (Journal running = open()) {
            assertThat(rejoin()).isEqualTo(1);
            assertThat(err).contains("is in use by process").endsWith("\n");
            assertThat(out).isEmpty();
            assertThat(running.lastIndex()).isZero();
        }
        assertThat(folder.resolve("data/logs_node_0.old-1")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"12", "2"})
    void notWithoutAMajorityOfOthers(String missing) throws IOException {
        Files.writeString(conf, Files.readString(conf).replaceAll(".*id: [" + missing + "],.*\n", ""));
        assertThat(rejoin()).isEqualTo(1);
        assertThat(err).contains("the others are no majority").hasLineCount(1);
        assertThat(data).doesNotExist();
    }

    @Test
    void notWithoutSettings() {
        assertThat(run("rejoin")).isEqualTo(1);
        assertThat(err).isEqualTo("node.jar: Missing required option: '--conf=FILE'; see --help\n");
        assertThat(run("rejoin", "--conf", "")).isEqualTo(1);
        assertThat(err).isEqualTo("node.jar: --conf FILE is missing; see --help\n");
    }

    private Journal open() {
        return Journal.open(
                new FileDisk(),
                data.toString(),
                new Identity("test", 0),
                JournalLimits.DEFAULT,
                new Random(1),
                (index, entry, committed, tagLost) -> {});
    }

    private int rejoin() {
        return run("rejoin", "--conf", conf.toString());
    }

    private int run(String... args) {
        StringWriter outs = new StringWriter();
        StringWriter errs = new StringWriter();
        CommandLine line = Main.commandLine(settings -> {
            throw new AssertionError("nothing is to be started");
        });
        line.setOut(new PrintWriter(outs));
        line.setErr(new PrintWriter(errs));
        int code = line.execute(args);
        out = outs.toString();
        err = errs.toString();
        return code;
    }
}
