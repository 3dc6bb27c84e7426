package io.tenure.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckHistoryTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void writesWhatItReads() throws IOException {
        History history = History.of(
                Operation.write("c1", "k 1", "ü\n\"", 10, 25),
                Operation.read("c1", "k", null, 10, 25),
                Operation.unknownWrite("c2", "", "", -3),
                Operation.failedWrite("c2", "k", "v", 0, 0));
        StringWriter text = new StringWriter();
        HistoryFile.write(history, text);
        assertThat(HistoryFile.read(new BufferedReader(new StringReader(text.toString())), "x")
                        .operations())
                .isEqualTo(history.operations());
    }

    @Test
    void readsTheDocumentedForm() {
        assertThat(HistoryFile.parse("{\"key\":\"k1\",\"op\":\"write\",\"value\":\"c1-7\",\"invoke\":10,\"return\":25,"
                        + "\"outcome\":\"ok\",\"client\":\"c1\"}"))
                .isEqualTo(Operation.write("c1", "k1", "c1-7", 10, 25));
        assertThat(HistoryFile.parse(
                        "{\"key\":\"k1\",\"op\":\"write\",\"value\":\"c1-7\",\"invoke\":10,\"return\":null,"
                                + "\"outcome\":\"unknown\",\"client\":\"c1\"}"))
                .isEqualTo(Operation.unknownWrite("c1", "k1", "c1-7", 10));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "nonsense|not a JSON object: Unrecognized token 'nonsense'",
                "[]|not a JSON object",
                "{\"colour\":1}|unknown field colour",
                "{\"key\":\"k\",\"op\":\"cas\",\"value\":\"v\",\"invoke\":1,\"return\":2,\"outcome\":\"ok\",\"client\":\"c\"}|op is cas; allowed are [read, write]",
                "{\"key\":\"k\",\"op\":\"write\",\"value\":null,\"invoke\":1,\"return\":2,\"outcome\":\"ok\",\"client\":\"c\"}|a write of no value",
                "{\"key\":\"k\",\"op\":\"write\",\"value\":\"v\",\"invoke\":1,\"return\":null,\"outcome\":\"ok\",\"client\":\"c\"}|done, but without a time of return",
                "{\"key\":\"k\",\"op\":\"write\",\"value\":\"v\",\"invoke\":3,\"return\":2,\"outcome\":\"ok\",\"client\":\"c\"}|returned at 2, before it was invoked at 3",
                "{\"key\":\"k\",\"op\":\"write\",\"value\":\"v\",\"invoke\":1.5,\"return\":2,\"outcome\":\"ok\",\"client\":\"c\"}|invoke is not a whole number of nanoseconds",
                "{\"op\":\"write\",\"value\":\"v\",\"invoke\":1,\"return\":2,\"outcome\":\"ok\",\"client\":\"c\"}|key is not a string",
            })
    void namesTheLineThatIsNoOperation(String line, String reason) {
        String good = HistoryFile.format(Operation.write("c", "k", "v", 0, 1)) + "\n";
        assertThatThrownBy(() -> HistoryFile.read(new BufferedReader(new StringReader(good + line)), "h.jsonl"))
                .hasMessageStartingWith("h.jsonl:2: " + reason);
    }

    @Test
    void exitsWithZeroOnlyForALinearizableHistory() throws IOException {
        History history = new History();
        for (long i = 0; i < 20; i++) {
            history.add(Operation.write("a", "k", "v" + i, 10 * i, 10 * i + 5));
            history.add(Operation.read("b", "k", "v" + i, 10 * i + 6, 10 * i + 7));
        }
        assertThat(check(history)).isZero();
        assertThat(out.toString(UTF_8))
                .contains("40 operations on 1 keys by 2 clients")
                .contains("LINEARIZABLE");
        history.add(Operation.read("b", "k", "v3", 1000, 1001));
        assertThat(check(history)).isOne();
        assertThat(out.toString(UTF_8)).contains("VIOLATION: key k: ");
        assertThat(check(new History())).isOne();
        assertThat(out.toString(UTF_8)).contains("IDLE: ");
    }

    @Test
    void saysWhatIsWrongWithItsArguments() {
        assertThat(run()).isOne();
        assertThat(err.toString(UTF_8)).contains("usage: CheckHistory FILE");
        assertThat(run(folder.resolve("none").toString())).isOne();
        assertThat(err.toString(UTF_8)).contains("cannot read");
    }

    private int check(History history) throws IOException {
        Path file = folder.resolve("history.jsonl");
        StringWriter text = new StringWriter();
        HistoryFile.write(history, text);
        Files.writeString(file, text.toString());
        return run(file.toString());
    }

    private int run(String... args) {
        return CheckHistory.run(args, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
    }
}
