package io.tenure.bench.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quick start of README.md, run as it stands; and that every other command there exists. */
final class ReadmeIT {
    private static final List<Integer> PORTS = List.of(7100, 7101, 7102, 7200, 7201, 7202);
    private static final List<String> PARTS = List.of(
            "pom.xml",
            "deploy",
            "protocol/pom.xml",
            "protocol/src/main",
            "node/pom.xml",
            "node/src/main",
            "node/target/node.jar",
            "client/pom.xml",
            "client/src/main",
            "client/target/kv.jar");

    @TempDir
    Path scratch;

    @Test
    void quickStartRunsAsItStands() throws Exception {
        Path copy = scratch.resolve("tenure");
        for (String part : PARTS) {
            copy(Readme.ROOT.resolve(part), copy.resolve(part));
        }
        String script = Readme.read().blockAfter("<!-- quick start: run by a test as it stands -->", "sh");
        // The ports are fixed, so two runs of this test on one machine come one after the other.
        Path lock = Path.of(System.getProperty("java.io.tmpdir"), "tenure-default-ports.lock");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.lock();
            assertThat(PORTS.stream().filter(ReadmeIT::isTaken))
                    .as("ports in use by another program; the quick start needs all of %s", PORTS)
                    .isEmpty();
            try {
                Shell shell = Shell.run(copy, scratch.resolve("out"), List.of("bash", "-e", "-c", script));
                checkQuickStart(shell);
            } finally {
                if (Files.exists(copy.resolve("assignment"))) {
                    Shell.run(copy, scratch.resolve("down"), List.of("deploy/local/down.sh"));
                }
            }
            assertThat(PORTS.stream().filter(ReadmeIT::isTaken))
                    .as("still listening after down.sh")
                    .isEmpty();
        }
    }

    private static void checkQuickStart(Shell shell) {
        String said = shell.output();
        assertThat(shell.exitCode()).as(said).isZero();
        assertThat(said).doesNotContain("Building").contains("LEADER");
        assertThat(said.lines()).as("of: get name1").contains("Sam");
        IntStream.range(0, PORTS.size() / 2).forEach(id -> {
            assertThat(said.lines().filter(line -> line.startsWith("assignment/logs_node_" + id + "/logs.txt:")))
                    .extracting(line -> line.substring(line.indexOf(':') + 1).replaceFirst(" \\d+$", " <term>"))
                    .containsExactly(
                            "SET name1 Sam <term>", "SET name2 Drake <term>", "SET name3 Aujla\\sSingh <term>");
            assertThat(said).contains("node " + id + " stopped");
        });
    }

    @Test
    void everyCommandNamesWhatThereIs() throws Exception {
        assertThat(Readme.read().commands()).hasSizeGreaterThan(10);
        CommandLines check = new CommandLines(scratch.resolve("help"));
        for (String file : Readme.FILES) {
            for (String command : Readme.read(file).commands()) {
                assertThat(check.problem(command)).as(file + ": " + command).isEmpty();
            }
        }
    }

    private static boolean isTaken(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false; // refused: nobody listens
        }
    }

    /** With time stamps, by which up.sh sees that there is nothing to build. */
    private static void copy(Path from, Path to) throws IOException {
        assertThat(from).as("needed by the quick start").exists();
        Files.createDirectories(to.getParent());
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
