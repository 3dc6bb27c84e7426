package io.tenure.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import io.tenure.client.FakeCluster;
import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.Outcome;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the command prints, and its exit codes. */
@Timeout(60)
class KvTest {
    private final FakeCluster cluster = new FakeCluster(3);
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @AfterEach
    void close() {
        cluster.close();
    }

    private int kv(String... args) {
        List<String> all = new ArrayList<>(List.of("--cluster", cluster.addresses()));
        all.addAll(List.of(args));
        return bare(all.toArray(String[]::new));
    }

    private int bare(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Kv.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    @Test
    void setsAndGets() {
        assertThat(kv("set", "name3", "Aujla Singh")).isZero();
        assertThat(out).hasToString("OK\n");
        assertThat(kv("get", "name3")).isZero();
        assertThat(out).hasToString("Aujla Singh\n");
        assertThat(kv("get", "--read", "quorum", "name3")).isZero();
        assertThat(kv("get", "nobody")).isZero();
        assertThat(out).hasToString("\n");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void optionsMayStandBeforeOrAfterTheCommand() {
        assertThat(bare("set", "a", "1", "--cluster", cluster.addresses(), "-o", "json"))
                .isZero();
        assertThat(out).hasToString("{\"key\":\"a\",\"outcome\":\"done\",\"node\":0,\"term\":7,\"index\":1}\n");
        assertThat(kv("-o", "json", "get", "a")).isZero();
        assertThat(out).hasToString("{\"key\":\"a\",\"found\":true,\"value\":\"1\"}\n");
        assertThat(kv("-o", "json", "get", "b")).isZero();
        assertThat(out).hasToString("{\"key\":\"b\",\"found\":false,\"value\":null}\n");
    }

    @Test
    void statusIsATableOrOneObject() throws IOException {
        cluster.leader = 1;
        cluster.kill(2);
        assertThat(kv("status")).isZero();
        assertThat(out.toString().lines().toList()).hasSize(5).satisfies(lines -> {
            assertThat(lines.get(0)).isEqualTo("cluster fake");
            assertThat(lines.get(1)).startsWith("NODE  ADDRESS").endsWith("COMMIT");
            assertThat(lines.get(3)).contains("LEADER").contains("320 ms").contains("50 / 350 / 400..700");
            assertThat(lines.get(4)).startsWith("2 ").endsWith("connection refused");
        });
        assertThat(kv("status", "-o", "json")).isZero();
        String expected = "{\"cluster\":\"fake\",\"leader\":1,\"nodes\":["
                + "{\"id\":0,\"address\":\"A0\",\"role\":\"FOLLOWER\",\"term\":7,\"leader\":1,\"leaseLeftMillis\":null,"
                + "\"lastIndex\":0,\"commitIndex\":0,T\"error\":null},"
                + "{\"id\":1,\"address\":\"A1\",\"role\":\"LEADER\",\"term\":7,\"leader\":1,\"leaseLeftMillis\":320,"
                + "\"lastIndex\":0,\"commitIndex\":0,T\"error\":null},"
                + "{\"id\":2,\"address\":\"A2\",\"role\":\"UNREACHABLE\",\"term\":null,\"leader\":null,"
                + "\"leaseLeftMillis\":null,\"lastIndex\":null,\"commitIndex\":null,\"timing\":null,"
                + "\"error\":\"connection refused\"}]}\n";
        expected = expected.replace(
                "T\"error",
                "\"timing\":{\"heartbeatMillis\":50,\"leaseMillis\":350,\"electionTimeoutMinMillis\":400,"
                        + "\"electionTimeoutMaxMillis\":700},\"error");
        for (int node = 0; node < 3; node++) {
            expected = expected.replace("A" + node, cluster.address(node));
        }
        assertThat(out).hasToString(expected);
        try (var json = new JsonFactory().createParser(out.toString())) {
            assertThat(json.nextToken().isStructStart()).isTrue();
        }
    }

    @Test
    void transferTellsWhoLeads() {
        assertThat(kv("transfer", "2")).isZero();
        assertThat(out).hasToString("node 2 leads\n");
        assertThat(cluster.leader).isEqualTo(2);
        cluster.leader = 0;
        assertThat(kv("transfer", "-o", "json")).isZero();
        assertThat(out).hasToString("{\"outcome\":\"done\",\"leader\":1,\"term\":7}\n");
    }

    @Test
    void aTransferThatIsRefusedSaysWhy() {
        cluster.script = (node, request) -> ClientReply.newBuilder()
                .setOutcome(Outcome.NOT_TRANSFERRED)
                .setReason("the log of the node asked for is too far behind");
        assertThat(kv("transfer", "2")).isEqualTo(2);
        assertThat(err.toString()).contains("not done: the log of the node asked for is too far behind");
        cluster.script = (node, request) ->
                ClientReply.newBuilder().setOutcome(Outcome.INVALID).setReason("no such member");
        assertThat(kv("transfer", "7")).isEqualTo(1);
        assertThat(kv("transfer", "-1")).isEqualTo(1);
        assertThat(kv("transfer", "one")).isEqualTo(1);
    }

    @Test
    void statusOfADeadClusterIsNotDone() {
        for (int node = 0; node < 3; node++) {
            cluster.kill(node);
        }
        assertThat(kv("status")).isEqualTo(2);
        assertThat(out.toString()).contains("UNREACHABLE").contains("connection refused");
    }

    @Test
    void exitCodesTellTheOutcome() {
        cluster.leader = -1;
        assertThat(kv("--timeout", "300ms", "set", "a", "1")).isEqualTo(2);
        assertThat(err.toString()).startsWith("kv: not done: gave up after ").hasLineCount(1);
        cluster.leader = 0;
        cluster.script = (node, request) -> request.hasSet() ? FakeCluster.SILENCE : null;
        // Long enough to have been sent, however slow this machine is.
        assertThat(kv("--timeout", "3s", "set", "a", "1")).isEqualTo(3);
        assertThat(err.toString()).startsWith("kv: outcome unknown: ").hasLineCount(1);
        assertThat(kv("set", "k".repeat(5_000), "1")).isEqualTo(1);
        assertThat(err).hasToString("kv: key of 5000 bytes: the limit is 4096\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|kv: say what to do: set, get, status, transfer or shell",
                "put a 1|kv: Unmatched arguments from index 0: 'put', 'a', '1'",
                "set a|kv: Missing required parameter: 'VALUE'",
                "set a 1 2|kv: Unmatched argument at index 3: '2'",
                "get|kv: Missing required parameter: 'KEY'",
                "get a --read dirty|kv: Invalid value for option '--read': expected one of [LEASE, QUORUM, FOLLOWER, SESSION, BOUNDED]"
                        + " (case-insensitive) but was 'dirty'",
                "get a -o xml|kv: Invalid value for option '--output': expected one of [TEXT, JSON]"
                        + " (case-insensitive) but was 'xml'",
                "get a --timeout 5|kv: Invalid value for option '--timeout': '5' is no time; write 500ms, 5s or 1m",
                "get a --timeout 0s|kv: timeout is 0 ms; it must be 1 ms to 1 day",
                "get a --cluster nowhere|kv: \"nowhere\" has no port; write host:port",
                "get a --cluster h:1,|kv: \"\" has no port; write host:port",
                "get a --cluster h:99999|kv: \"h:99999\" has no valid port; it is a number in 0..65535",
            })
    void badUsageIsRefusedInOneSentence(String args, String message) {
        assertThat(args.isEmpty() ? bare() : bare(args.split(" "))).isEqualTo(1);
        assertThat(err).hasToString(message + "\nTry 'kv --help'.\n");
        assertThat(out.toString()).isEmpty();
        assertThat(bare("--version")).isZero();
    }

    @Test
    void theShellRunsCommandsUntilTheEndOfItsInput(@TempDir Path folder) throws IOException {
        String input = """
                set name3 "Aujla Singh"
                get name3

                set empty ""
                put a
                get "unclosed
                -h
                get
                get empty
                """;
        int exitCode;
        try (Terminal terminal = new DumbTerminal(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), OutputStream.nullOutputStream())) {
            exitCode = Kv.shell(
                    terminal,
                    folder.resolve("history"),
                    new PrintWriter(out, true),
                    new PrintWriter(err, true),
                    "--cluster",
                    cluster.addresses(),
                    "-o",
                    "json");
        }
        assertThat(exitCode).isZero();
        assertThat(out.toString().lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line).contains("\"index\":1"),
                        line -> assertThat(line).contains("\"value\":\"Aujla Singh\""),
                        line -> assertThat(line).contains("\"index\":2"),
                        line -> assertThat(line).contains("\"value\":\"\""));
        assertThat(err.toString().lines().toList())
                .containsExactly(
                        "kv: unknown command 'put'; try help",
                        "kv: Missing closing quote",
                        "kv: unknown command '-h'; try help",
                        "kv: Missing required parameter: 'KEY'",
                        "Try 'kv --help'.");
        assertThat(folder.resolve("history")).content().contains("set name3");
    }

    @Test
    void helpAndVersion() {
        assertThat(bare("--help")).isZero();
        assertThat(out.toString())
                .contains("--cluster")
                .contains("outcome unknown")
                .contains("7200,127.0.0.1:7201");
        assertThat(bare("--version")).isZero();
        assertThat(out.toString()).startsWith("tenure ");
    }
}
