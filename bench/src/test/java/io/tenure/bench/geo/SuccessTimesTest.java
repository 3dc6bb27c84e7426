package io.tenure.bench.geo;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.bench.geo.Timeline.Step;
import org.junit.jupiter.api.Test;

final class SuccessTimesTest {
    private static final long MILLI = 1_000_000;

    private final SuccessTimes times = new SuccessTimes();

    private void succeeded(long... millis) {
        for (long each : millis) {
            times.add(each * MILLI, 5 * MILLI);
        }
    }

    private double gap(long from, long until, boolean beginsInside, long end) {
        return times.longestGapMillis(from * MILLI, until * MILLI, beginsInside, end * MILLI);
    }

    @Test
    void aGapThatHasBegunWhenTheFaultStrikesCounts() {
        succeeded(-100, -10, 500, 520, 900);
        assertThat(gap(0, 1_000, false, 1_000)).isEqualTo(510);
        assertThat(gap(0, 1_000, true, 1_000)).as("of those that begin inside").isEqualTo(380);
    }

    @Test
    void aGapThatBeginsInsideCountsToItsEnd() {
        succeeded(-10, 10, 700, 2_000);
        assertThat(gap(0, 1_000, false, 3_000)).isEqualTo(1_300);
    }

    @Test
    void whatNothingEndsLastsToTheEnd() {
        succeeded(-10);
        assertThat(gap(0, 1_000, false, 3_000)).isEqualTo(3_010);
        assertThat(gap(1_000, 3_000, true, 3_000)).as("nothing at all after it").isEqualTo(2_000);
    }

    @Test
    void whatIsUsualEndsWhereTheFaultStrikes() {
        succeeded(-100, -60, -10, 5_000);
        assertThat(gap(-100, 0, true, 0)).isEqualTo(50);
    }

    @Test
    void stepsAreTenthsOfASecond() {
        times.add(-1, 7 * MILLI);
        times.add(0, 3 * MILLI);
        times.add(99 * MILLI, 8 * MILLI);
        assertThat(times.steps()).containsExactly(new Step(-100, 1, 7), new Step(0, 2, 8));
    }
}
