package io.tenure.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class WholeLogTest {
    private final WholeLog whole = new WholeLog();

    @Test
    void piecesThatOverlapAgree() {
        whole.add("node 0", 3, List.of("c", "d"));
        whole.add("node 1", 2, List.of("b", "c"));
        whole.addOld(1, List.of("a", "?", "?", "?"));
        whole.settle();
        assertThat(whole.problems()).isEmpty();
        assertThat(whole.text().text()).isEqualTo("a\nb\nc\nd\n");
    }

    @Test
    void nodesDiffer() {
        whole.add("node 0", 1, List.of("a", "b"));
        whole.add("node 1", 2, List.of("x"));
        assertThat(whole.problems()).containsExactly("entry 2 is \"b\" at node 0 and \"x\" at node 1");
    }

    @Test
    void oldFilesVote() {
        whole.add("node 0", 3, List.of("c"));
        whole.addOld(1, List.of("a", "b"));
        whole.addOld(1, List.of("a", "damaged"));
        whole.addOld(1, List.of("x", "b"));
        whole.settle();
        assertThat(whole.problems()).isEmpty();
        assertThat(whole.text().lines()).containsExactly("a", "b", "c");
    }

    @Test
    void oldFilesDisagree() {
        whole.addOld(1, List.of("a"));
        whole.addOld(1, List.of("b"));
        whole.settle();
        assertThat(whole.problems()).containsExactly("old files don't agree on entry 1: [a, b]");
    }

    @Test
    void somethingIsMissing() {
        whole.add("node 0", 1, List.of("a"));
        whole.add("node 0", 4, List.of("d"));
        assertThat(whole.problems()).containsExactly("entry 2 and 1 others are in no file");
    }

    @Test
    void aSnapshotIsWhatTheLogMakes() {
        List<String> log = List.of("NO-OP 0", "SET a 1 0", "SET b 2 0", "SET a 3 1");
        assertThat(new SnapshotText(3, java.util.Map.of("a", "1", "b", "2")).difference(log))
                .isNull();
        assertThat(new SnapshotText(4, java.util.Map.of("a", "1", "b", "2")).difference(log))
                .isEqualTo("a is 1 instead of 3 at entry 4");
        assertThat(new SnapshotText(2, new java.util.TreeMap<>(java.util.Map.of("a", "1", "b", "2"))).difference(log))
                .isEqualTo("it holds [b], which nobody had written by entry 2");
        assertThat(new SnapshotText(5, java.util.Map.of()).difference(log))
                .isEqualTo("it is of entry 5, and the log has 4");
    }
}
