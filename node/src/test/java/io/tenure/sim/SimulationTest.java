package io.tenure.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A thousand seeds of the simulation in every build; {@code node/sim.sh} runs more. */
class SimulationTest {
    private static final int SEEDS = 1_000;

    /** Each of them once found something; what they draw changes as faults are added, so scripts and unit tests keep it, too. */
    private static final long[] REGRESSIONS = {
        98, 400, 401, 435, 1801, 1959, 2901, 11898, 70313, 202827, 304311, 304934, 401423, 407886, 424369, 443539
    };

    @Test
    void nothingIsFoundAndNoRunIsIdle() {
        AtomicLong early = new AtomicLong();
        LongStream.concat(LongStream.range(0, SEEDS), LongStream.of(REGRESSIONS))
                .parallel()
                .forEach(seed -> early.addAndGet(earlyLeaseReads(seed)));
        assertThat(early.get())
                .as("reads by lease before a leader's first commit")
                .isGreaterThan(SEEDS / 3);
    }

    private static long earlyLeaseReads(long seed) {
        Simulation.Result result = Simulation.run(seed, 0, new Story(0, false));
        if (!result.isGood()) {
            Story story = new Story(200, false);
            Simulation.run(seed, 0, story);
            assertThat(result.failure()).as(story.text()).isEmpty();
        }
        assertThat(result.report().writes()).as("seed %d", seed).isGreaterThan(20);
        assertThat(result.report().leaseReads()).as("seed %d", seed).isGreaterThan(20);
        return result.report().earlyLeaseReads();
    }

    /** The assumption that everything about leases rests on: one that did not matter would not be one. */
    @Test
    void clocksBeyondTheBoundBreakLeases() {
        String failure = "";
        for (long seed = 0; seed < 30 && failure.isEmpty(); seed++) {
            failure =
                    Simulation.runBeyondClockBound(seed, 0, new Story(0, false)).failure();
        }
        assertThat(failure).startsWith("VIOLATED LeaseDisjointFromCommit");
    }

    @Test
    void theSameSeedTellsTheSameStory() {
        for (long seed = 100; seed < 104; seed++) {
            Story first = new Story(1_000_000, true);
            Story second = new Story(1_000_000, true);
            Simulation.Result once = Simulation.run(seed, 0, first);
            Simulation.Result again = Simulation.run(seed, 0, second);
            assertThat(again.report()).isEqualTo(once.report());
            assertThat(second.text()).isEqualTo(first.text());
            assertThat(Simulation.run(seed, 0, new Story(0, false)).report()).isEqualTo(once.report());
        }
    }

    @Test
    void differentSeedsTellDifferentStories() {
        long one = Simulation.run(1, 0, new Story(0, false)).report().digest();
        long other = Simulation.run(2, 0, new Story(0, false)).report().digest();
        assertThat(one).isNotEqualTo(other);
    }
}
