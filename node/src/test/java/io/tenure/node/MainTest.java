package io.tenure.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.journal.FileDisk;
import io.tenure.journal.Identity;
import io.tenure.journal.Journal;
import io.tenure.journal.JournalException;
import io.tenure.journal.JournalFailure;
import io.tenure.journal.JournalLimits;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command line, with nodes that only pretend. */
final class MainTest {
    /** A command line that is refused, and the one line on standard error. */
    private record Bad(String args, String message) {}

    @TempDir
    Path folder;

    private Path conf;
    private final AtomicInteger starts = new AtomicInteger();

    /** What a run left behind. */
    private record Ran(int code, String out, String err) {}

    @BeforeEach
    void writeSettings() throws IOException {
        conf = folder.resolve("good.yaml");
        Files.writeString(conf, BadSettings.GOOD);
    }

    @TestFactory
    Stream<DynamicTest> badCommandLinesAreRefused() {
        String missing = folder.resolve("no.yaml").toString();
        return Stream.of(
                        new Bad("", "--conf FILE is missing; see --help"),
                        new Bad("--check", "--conf FILE is missing; see --help"),
                        new Bad("--conf", "Missing required parameter for option '--conf' (FILE); see --help"),
                        new Bad("--conf ", "--conf FILE is missing; see --help"),
                        new Bad("--cnof x.yaml", "unknown option --cnof; see --help"),
                        new Bad("-x", "unknown option -x; see --help"),
                        new Bad("x.yaml", "unexpected argument x.yaml; see --help"),
                        new Bad("--conf GOOD extra", "unexpected argument extra; see --help"),
                        new Bad(
                                "--conf GOOD --conf GOOD",
                                "option '--conf' (FILE) should be specified only once; see --help"),
                        new Bad(
                                "--conf GOOD --check=maybe",
                                "Invalid value for option '--check': 'maybe' is not a boolean; see --help"),
                        new Bad("--conf NO", missing + ": no such file; allowed: a settings file"),
                        new Bad("--conf NO --check", missing + ": no such file; allowed: a settings file"),
                        new Bad("--conf FOLDER", folder + ": is a folder; allowed: a settings file"),
                        new Bad("verify", "Missing required option: '--data=DIR'; see --help"),
                        new Bad("verify --data", "Missing required parameter for option '--data' (DIR); see --help"),
                        new Bad("verify --dat x", "Missing required option: '--data=DIR'; see --help"),
                        new Bad("verify --data NO x", "unexpected argument x; see --help"),
                        new Bad("verify --data NO", missing + " does not exist"),
                        new Bad("--conf GOOD verify", "Missing required option: '--data=DIR'; see --help"),
                        new Bad("start", "unexpected argument start; see --help"))
                .map(bad -> DynamicTest.dynamicTest("node.jar " + bad.args, () -> {
                    Ran ran = run(this::neverStarted, args(bad.args));
                    assertThat(ran.err).isEqualTo("node.jar: " + bad.message + "\n");
                    assertThat(ran.out).isEmpty();
                    assertThat(ran.code).isEqualTo(1);
                    assertThat(run(this::neverStarted, "--conf", conf.toString(), "--check").code)
                            .isZero();
                }));
    }

    @Test
    void checkSaysWhatIsInForceAndStartsNothing() {
        Ran ran = run(this::neverStarted, "--check", "--conf", conf.toString());

        assertThat(ran.code).isZero();
        assertThat(ran.err).isEmpty();
        assertThat(ran.out.lines())
                .startsWith(conf + " is good", "node 0 of cluster test, members:")
                .anyMatch(line -> line.startsWith("profile lan: heartbeat 50 ms, lease 350 ms"));
    }

    @Test
    void checkRefusesWhatIsWrong() throws IOException {
        Files.writeString(conf, BadSettings.GOOD + "leaseMillis: 20000\n");
        Ran ran = run(this::neverStarted, "--check", "--conf", conf.toString());

        assertThat(ran)
                .isEqualTo(new Ran(
                        1,
                        "",
                        "node.jar: " + conf
                                + ":7: leaseMillis: 20000 is not allowed: too large; allowed: 20..10000\n"));
    }

    @Test
    void helpAndVersionAreGiven() {
        Ran help = run(this::neverStarted, "--help");
        Ran version = run(this::neverStarted, "--version");
        Ran verifyHelp = run(this::neverStarted, "verify", "--help");

        assertThat(help.code).isZero();
        assertThat(help.out).contains("--conf=FILE", "--check", "--version", "verify");
        assertThat(version.code).isZero();
        assertThat(version.out).startsWith("tenure ");
        assertThat(verifyHelp.code).isZero();
        assertThat(verifyHelp.out).contains("--data=DIR");
    }

    @Test
    void nodeRunsUntilItIsStopped() {
        AtomicInteger waits = new AtomicInteger();
        Ran ran = run(
                settings -> node(() -> {
                    waits.incrementAndGet();
                    return null;
                }),
                "--conf",
                conf.toString());

        assertThat(ran).isEqualTo(new Ran(0, "", ""));
        assertThat(waits).hasValue(1);
    }

    @Test
    void whatKeepsANodeFromStartingIsToldInOneLine() {
        Ran port = run(
                settings -> {
                    throw settings.notBound(settings.peerBind(), "the address is in use");
                },
                "--conf",
                conf.toString());
        Ran data = run(
                settings -> {
                    throw new JournalException("assignment/logs_node_0 is in use by process 1");
                },
                "--conf",
                conf.toString());

        assertThat(port)
                .isEqualTo(new Ran(
                        1,
                        "",
                        "node.jar: " + conf + ":4: members[0].peer: 127.0.0.1:7100 is not allowed: "
                                + "the address is in use; allowed: an address of this machine and a free port\n"));
        assertThat(data).isEqualTo(new Ran(1, "", "node.jar: assignment/logs_node_0 is in use by process 1\n"));
    }

    @Test
    void aFailureWhileRunningHasACodeOfItsOwn() {
        Ran ran = run(
                settings -> node(() -> {
                    return new JournalFailure("logs.txt: no space left", new IOException("no space left"));
                }),
                "--conf",
                conf.toString());

        assertThat(ran).isEqualTo(new Ran(2, "", "node.jar: logs.txt: no space left\n"));
    }

    @Test
    void verifyTellsGoodFromDamagedData() throws IOException {
        String data = folder.resolve("logs_node_0").toString();
        Journal.open(
                        new FileDisk(),
                        data,
                        new Identity("test", 0),
                        JournalLimits.DEFAULT,
                        new Random(1),
                        (index, entry, committed, tagLost) -> {})
                .close();
        List<Path> before = files(data);

        Ran good = run(this::neverStarted, "verify", "--data", data);
        assertThat(good.code).isZero();
        assertThat(good.err).isEmpty();
        assertThat(good.out)
                .isEqualTo(data + ": entries 0, terms 0, bytes 0, proven to index 0\n"
                        + "note: node 0 of cluster 'test', boot 1, term -1, committed 0\ngood\n");
        assertThat(files(data)).isEqualTo(before);

        for (String name : List.of("metadata.txt", "metadata.copy.txt")) {
            Files.deleteIfExists(Path.of(data, name));
        }
        Ran damaged = run(this::neverStarted, "verify", "--data", data);
        assertThat(damaged.code).isEqualTo(1);
        assertThat(damaged.out).contains("damage: ").endsWith("damaged\n");
    }

    private static List<Path> files(String data) throws IOException {
        try (Stream<Path> paths = Files.list(Path.of(data))) {
            return paths.sorted().toList();
        }
    }

    private NodeProcess neverStarted(Settings settings) {
        starts.incrementAndGet();
        throw new AssertionError("nothing is to be started");
    }

    private static NodeProcess node(Supplier<Throwable> run) {
        return new NodeProcess() {
            @Override
            public Throwable awaitStop() {
                return run.get();
            }

            @Override
            public void close() {
                // nothing was started
            }
        };
    }

    private String[] args(String text) {
        if (text.isEmpty()) {
            return new String[0];
        }
        String[] args = text.split(" ", -1);
        for (int i = 0; i < args.length; i++) {
            args[i] = switch (args[i]) {
                case "GOOD" -> conf.toString();
                case "NO" -> folder.resolve("no.yaml").toString();
                case "FOLDER" -> folder.toString();
                default -> args[i];
            };
        }
        return args;
    }

    private static Ran run(NodeProcess.Starter starter, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine(starter);
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        int code = line.execute(args);
        return new Ran(code, out.toString(), err.toString());
    }
}
