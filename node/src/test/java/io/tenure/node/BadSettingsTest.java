package io.tenure.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Each of {@link BadSettings} is refused as it should be, and the next good settings are taken. */
final class BadSettingsTest {
    @TestFactory
    Stream<DynamicTest> refused() {
        return BadSettings.cases().stream()
                .map(bad -> DynamicTest.dynamicTest(bad.message().substring(1), () -> {
                    assertThatThrownBy(() -> Settings.parse("node0.yaml", bad.text()))
                            .isInstanceOf(SettingsException.class)
                            .hasMessage("node0.yaml" + bad.message());
                    assertThat(Settings.parse("node0.yaml", BadSettings.GOOD).nodeId())
                            .isZero();
                }));
    }
}
