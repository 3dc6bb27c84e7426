package io.tenure.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class KeyValueTest {
    private final Map<String, String> map = new HashMap<>();

    private String apply(byte[] request) {
        return KeyValue.value(KeyValue.decode(ByteBuffer.wrap(request)).applyTo(map));
    }

    @Test
    void whatIsSetIsFound() {
        assertThat(apply(KeyValue.get("käse"))).isNull();
        assertThat(apply(KeyValue.set("käse", "brot und €"))).isNull();
        assertThat(apply(KeyValue.get("käse"))).isEqualTo("brot und €");
        assertThat(apply(KeyValue.set("käse", ""))).isNull();
        assertThat(apply(KeyValue.get("käse"))).isEmpty();
        assertThat(map).containsExactly(Map.entry("käse", ""));
    }
}
