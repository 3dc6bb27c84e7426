package io.tenure.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScriptTest {
    @ParameterizedTest
    @EnumSource(Script.class)
    void holds(Script script) {
        Simulation.Result result = Simulation.run(script, new Story(200, true));
        assertThat(result.isGood())
                .as("%s%n%s", result.story(), result.failure())
                .isTrue();
    }
}
