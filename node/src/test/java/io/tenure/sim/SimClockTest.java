package io.tenure.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SimClockTest {
    private final Timeline timeline = new Timeline();

    @Test
    void runsAtItsRateAndIsInvertible() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 1000; i++) {
            SimClock clock = new SimClock(timeline, 0.9 + 0.2 * random.nextDouble(), random.nextLong(1L << 50));
            timeline.runUntil(timeline.now() + random.nextLong(1_000_000));
            long local = clock.nanoTime() + random.nextLong(5_000_000_000L);
            long real = clock.realTimeOf(local);
            timeline.runUntil(real - 1);
            assertThat(clock.nanoTime()).isLessThan(local);
            timeline.runUntil(real);
            assertThat(clock.nanoTime()).isGreaterThanOrEqualTo(local);
        }
    }

    @Test
    void goesOnFromWhereItWasAtANewRate() {
        SimClock clock = new SimClock(timeline, 1.1, 500);
        timeline.runUntil(1000);
        assertThat(clock.nanoTime()).isEqualTo(1600);
        clock.changeRate(0.5);
        timeline.runUntil(2000);
        assertThat(clock.nanoTime()).isEqualTo(2100);
        clock.changeRate(0);
        timeline.runUntil(9000);
        assertThat(clock.nanoTime()).isEqualTo(2100);
        assertThat(clock.realTimeOf(2101)).isEqualTo(Timeline.NEVER);
        assertThat(clock.realTimeOf(2000)).isEqualTo(9000);
        assertThat(clock.realTimeOf(Long.MAX_VALUE)).isEqualTo(Timeline.NEVER);
    }

    @Test
    void eventsHappenInOrderOfTimeThenOfScheduling() {
        List<String> story = new ArrayList<>();
        timeline.at(20, () -> story.add("c" + timeline.now()));
        timeline.at(10, () -> {
            story.add("a" + timeline.now());
            timeline.at(5, () -> story.add("late" + timeline.now()));
            timeline.in(10, () -> story.add("d" + timeline.now()));
        });
        timeline.at(10, () -> story.add("b" + timeline.now()));
        timeline.at(15, () -> story.add("never")).cancel();
        timeline.at(31, () -> story.add("after the end"));
        timeline.runUntil(30);
        assertThat(story).containsExactly("a10", "b10", "late10", "c20", "d20");
        assertThat(timeline.now()).isEqualTo(30);
        assertThat(timeline.happened()).isEqualTo(5);
    }
}
