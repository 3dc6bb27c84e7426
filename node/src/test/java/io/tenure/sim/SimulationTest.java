package io.tenure.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A few seeds of the simulation in every build; {@code node/sim.sh} runs many. */
class SimulationTest {
    private static final int SEEDS = 60;

    @Test
    void nothingIsFoundAndNoRunIsIdle() {
        long early = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            Simulation.Result result = Simulation.run(seed, 0, new Story(0, false));
            if (!result.isGood()) {
                Story story = new Story(200, false);
                Simulation.run(seed, 0, story);
                assertThat(result.failure()).as(story.text()).isEmpty();
            }
            assertThat(result.report().writes()).as("seed %d", seed).isGreaterThan(20);
            assertThat(result.report().leaseReads()).as("seed %d", seed).isGreaterThan(20);
            early += result.report().earlyLeaseReads();
        }
        assertThat(early).as("reads by lease before a leader's first commit").isGreaterThan(20);
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
