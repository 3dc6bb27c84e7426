package io.tenure.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class FaultTableTest {
    @Test
    void aKindShowsItsWorst() {
        FaultTable table = new FaultTable();
        table.add(FaultKind.SLOW_LINKS, 300, 20_000_000, 90_000_000);
        table.add(FaultKind.KILL_LEADER, 700, 650_000_000, 420_999_999);
        table.add(FaultKind.KILL_LEADER, 400, 610_000_000, 430_000_000);
        table.addViolation(FaultKind.SLOW_LINKS);
        table.addViolation(FaultKind.FLIP_LOG);
        assertThat(table.lines())
                .containsExactly(
                        "fault               times  fewest acknowledged  longest gap  longest gap  violations",
                        "                           operations around    in writes    in reads",
                        "kill-leader             2                  400       650 ms       430 ms           0",
                        "slow-links              1                  300        20 ms        90 ms           1",
                        "flip-log                0                    -         0 ms         0 ms           1");
        assertThat(table.times()).isEqualTo(3);
        assertThat(table.times(FaultKind.KILL_LEADER)).isEqualTo(2);
        assertThat(table.aroundMin()).isEqualTo(300);
    }

    @Test
    void kindsAreKnownByTheirLabels() {
        assertThat(FaultKind.parse("slow-links, kill-two,slow-links"))
                .containsExactly(FaultKind.SLOW_LINKS, FaultKind.KILL_TWO);
        assertThat(FaultKind.parse(FaultKind.labels())).containsExactly(FaultKind.values());
        assertThatThrownBy(() -> FaultKind.parse("kill-leader,earthquake"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no fault is called \"earthquake\"; there are kill-leader, kill-follower, ");
    }
}
