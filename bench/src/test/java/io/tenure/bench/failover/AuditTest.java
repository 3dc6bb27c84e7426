package io.tenure.bench.failover;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.bench.process.LogText;
import io.tenure.history.History;
import io.tenure.history.Operation;
import org.junit.jupiter.api.Test;

final class AuditTest {
    private static final Operation DONE = Operation.write("c1", "k1", "c1-1", 1, 2);
    private static final Operation REFUSED = Operation.failedWrite("c1", "k1", "c1-2", 3, 4);
    private static final Operation UNKNOWN = Operation.unknownWrite("c1", "k2", "c1-3", 5);

    @Test
    void whatWasToldIsTrue() {
        assertThat(Audit.of(History.of(DONE, REFUSED, UNKNOWN), log("NO-OP 0", "SET k1 c1-1 0", "NO-OP 2")))
                .isEmpty();
        assertThat(Audit.of(History.of(DONE, UNKNOWN), log("SET k2 c1-3 1", "SET k1 c1-1 1")))
                .isEmpty();
    }

    @Test
    void anAcknowledgedWriteIsMissing() {
        assertThat(Audit.of(History.of(DONE), log("NO-OP 0")))
                .containsExactly("c1's write of c1-1 [1, 2] was acknowledged and is not in the log");
    }

    @Test
    void aWriteTookEffectTwice() {
        assertThat(Audit.of(History.of(UNKNOWN), log("SET k2 c1-3 0", "NO-OP 1", "SET k2 c1-3 1")))
                .containsExactly("c1's write of c1-3 [5, never, UNKNOWN] took effect 2 times, lines [1, 3]");
    }

    @Test
    void aRefusedWriteTookEffect() {
        assertThat(Audit.of(History.of(REFUSED), log("SET k1 c1-2 0")))
                .containsExactly("c1's write of c1-2 [3, 4, FAIL] was refused for good and stands in line 1");
    }

    @Test
    void aWriteCameFromNowhere() {
        assertThat(Audit.of(History.of(DONE), log("SET k1 c1-1 0", "SET k1 c9-9 0")))
                .containsExactly("line 2 holds SET k1 c9-9, which nobody wrote");
        assertThat(Audit.of(History.of(DONE), log("SET k2 c1-1 0", "SET k1 c1-1 0")))
                .as("under another key")
                .containsExactly("line 1 holds SET k2 c1-1, which nobody wrote");
    }

    @Test
    void termsFall() {
        assertThat(Audit.of(History.of(), log("NO-OP 3", "NO-OP 2")))
                .containsExactly("line 2 is of term 2 after one of 3");
    }

    @Test
    void linesOfAnotherKind() {
        assertThat(Audit.of(History.of(), log("NO-OP 3", "SET a 3", "DEL b 3")))
                .containsExactly(
                        "line 2 is neither a write nor a NO-OP: SET a 3",
                        "line 3 is neither a write nor a NO-OP: DEL b 3");
    }

    @Test
    void complaintsAreBounded() {
        String[] lines = new String[100];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = "SET k x" + i + " 0";
        }
        assertThat(Audit.of(History.of(), log(lines))).hasSize(21).endsWith("and 80 more");
    }

    private static LogText log(String... lines) {
        return new LogText(String.join("\n", lines) + "\n");
    }
}
