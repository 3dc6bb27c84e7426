package io.tenure.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:7200", "node0.example:1", "[::1]:65535", "localhost:0"})
    void readsWhatItWrites(String text) {
        assertThat(HostPort.parse(text)).hasToString(text);
    }

    @Test
    void splitsHostAndPort() {
        assertThat(HostPort.parse("[::1]:7200")).isEqualTo(new HostPort("::1", 7200));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "localhost | \"localhost\" has no port; write host:port",
                "::1:7200 | \"::1:7200\" is ambiguous; write an IPv6 address as [address]:port",
                ":7200 | \":7200\" has no host; write host:port",
                "a: | \"a:\" has no valid port; it is a number in 0..65535",
                "a:b | \"a:b\" has no valid port; it is a number in 0..65535",
                "a:-1 | \"a:-1\" has no valid port; it is a number in 0..65535",
                "a:65536 | \"a:65536\" has no valid port; it is a number in 0..65535",
                "a:999999999999 | \"a:999999999999\" has no valid port; it is a number in 0..65535",
            })
    void saysWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> HostPort.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
