package io.tenure.history;

import static io.tenure.history.Operation.failedWrite;
import static io.tenure.history.Operation.read;
import static io.tenure.history.Operation.unknownWrite;
import static io.tenure.history.Operation.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Histories with a planted fault, each of which both judges must refuse, and close relatives that are in order. */
class PlantedHistoriesTest {
    private static final Linearizability JUDGE = new Linearizability(0, 0, 1_000_000);

    static Stream<Arguments> bad() {
        return Stream.of(
                bad(
                        "stale read",
                        "was over before",
                        write("a", "k", "1", 0, 10),
                        write("a", "k", "2", 20, 30),
                        read("b", "k", "1", 40, 50)),
                bad(
                        "stale read of nothing",
                        "absent only at first",
                        write("a", "k", "1", 0, 10),
                        read("b", "k", null, 20, 30)),
                bad(
                        "lost write",
                        "was over before",
                        write("a", "k", "1", 0, 10),
                        write("b", "k", "2", 20, 30),
                        read("c", "k", "2", 40, 50),
                        read("c", "k", "1", 60, 70)),
                bad(
                        "lost first write",
                        "absent only at first",
                        write("a", "k", "1", 0, 10),
                        read("b", "k", "1", 20, 30),
                        read("b", "k", null, 40, 50)),
                bad("value never written", "never written", write("a", "k", "1", 0, 10), read("b", "k", "7", 20, 30)),
                bad("value of another key", "never written", write("a", "j", "1", 0, 10), read("b", "k", "1", 20, 30)),
                bad("future read", "a later write", read("b", "k", "1", 0, 10), write("a", "k", "1", 20, 30)),
                bad(
                        "effect of a refused write",
                        "certainly not done",
                        failedWrite("a", "k", "1", 0, 10),
                        read("b", "k", "1", 20, 30)),
                bad(
                        "double effect",
                        "was over before",
                        write("a", "k", "1", 0, 10),
                        read("c", "k", "1", 11, 12),
                        write("b", "k", "2", 20, 30),
                        read("c", "k", "2", 40, 50),
                        read("c", "k", "1", 60, 70)),
                bad(
                        "double effect of an unknown write",
                        "was over before",
                        unknownWrite("a", "k", "1", 0),
                        read("c", "k", "1", 5, 8),
                        write("b", "k", "2", 20, 30),
                        read("c", "k", "1", 60, 70)),
                bad(
                        "unknown write seen before it was asked for",
                        "a later write",
                        read("c", "k", "1", 5, 8),
                        unknownWrite("a", "k", "1", 10)),
                bad(
                        "two readers see two orders",
                        "was over before",
                        write("a", "k", "1", 0, 100),
                        write("b", "k", "2", 0, 100),
                        read("c", "k", "1", 10, 20),
                        read("c", "k", "2", 30, 40),
                        read("d", "k", "1", 50, 60)),
                bad(
                        "new value seen, then the old one, while the write runs",
                        "absent only at first",
                        write("a", "k", "1", 0, 100),
                        read("b", "k", "1", 10, 20),
                        read("c", "k", null, 30, 40)));
    }

    static Stream<Arguments> good() {
        return Stream.of(
                good("nothing written", read("a", "k", null, 0, 10)),
                good("concurrent write may be unseen", write("a", "k", "1", 0, 100), read("b", "k", null, 10, 20)),
                good("or seen", write("a", "k", "1", 0, 100), read("b", "k", "1", 10, 20)),
                good("unknown write never took effect", unknownWrite("a", "k", "1", 0), read("b", "k", null, 10, 20)),
                good(
                        "unknown write took effect late",
                        unknownWrite("a", "k", "1", 0),
                        read("b", "k", null, 10, 20),
                        read("b", "k", "1", 30, 40)),
                good(
                        "unknown write took effect after another",
                        unknownWrite("a", "k", "1", 0),
                        write("b", "k", "2", 10, 20),
                        read("c", "k", "2", 30, 40),
                        read("c", "k", "1", 50, 60)),
                good("refused write is unseen", failedWrite("a", "k", "1", 0, 10), read("b", "k", null, 20, 30)),
                good(
                        "concurrent writes in either order",
                        write("a", "k", "1", 0, 100),
                        write("b", "k", "2", 0, 100),
                        read("c", "k", "2", 10, 20),
                        read("c", "k", "1", 30, 40)),
                good("same instant counts as concurrent", write("a", "k", "1", 0, 10), read("b", "k", null, 10, 20)),
                good("one client's operations may overlap", write("a", "k", "1", 0, 100), read("a", "k", null, 10, 20)),
                good("keys are independent", write("a", "j", "1", 0, 10), read("b", "k", null, 20, 30)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bad")
    void refused(String name, String reason, History history) {
        Verdict verdict = JUDGE.check(history);
        assertThat(verdict.kind()).isEqualTo(Verdict.Kind.VIOLATION);
        assertThat(verdict.reason()).contains(reason);
        assertThat(Search.check(ofKey(history, "k"), 1_000_000).kind()).isEqualTo(Verdict.Kind.VIOLATION);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("good")
    void accepted(String name, History history) {
        assertThat(JUDGE.check(history)).isEqualTo(Verdict.GOOD);
        assertThat(Search.check(ofKey(history, "k"), 1_000_000)).isEqualTo(Verdict.GOOD);
    }

    private static List<Operation> ofKey(History history, String key) {
        return history.operations().stream()
                .filter(operation -> operation.key().equals(key))
                .toList();
    }

    private static Arguments bad(String name, String reason, Operation... operations) {
        return Arguments.of(name, reason, History.of(operations));
    }

    private static Arguments good(String name, Operation... operations) {
        return Arguments.of(name, History.of(operations));
    }
}
