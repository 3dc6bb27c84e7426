package io.tenure.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is applied together is counted together, as each alone would be. */
final class DumpBudgetTest {
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final DumpBudget budget = new DumpBudget(3, 5);

    @Test
    void aSecondTakesSoManyAndNoMore() {
        assertThat(budget.take(2, 5)).isEqualTo(2);
        assertThat(budget.take(5, 6)).isEqualTo(1);
        assertThat(budget.take(1, 5 + SECOND_NANOS - 1)).isZero();
        assertThat(budget.take(100, 5 + SECOND_NANOS)).isEqualTo(3);
    }

    @Test
    void whatIsLeftOutIsCountedAndNamed() {
        assertThat(budget.leaveOut(17, 20)).isTrue();
        assertThat(budget.leaveOut(21, 1250)).isFalse();
        assertThat(budget.leaveOut(2)).isFalse();
        assertThat(budget.hasLeftOut()).isTrue();

        assertThat(budget.report()).isEqualTo("... 1236 more statements, entries 17 to 1250");
        assertThat(budget.hasLeftOut()).isFalse();
        assertThat(budget.leaveOut(1)).isTrue();
        assertThat(budget.report()).isEqualTo("... 1 more statement");
    }
}
