package io.tenure.entry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.algo.XxHash;
import org.junit.jupiter.api.Test;

/** The hash is on disk and on the wire: it must not change. */
final class KeyHashTest {
    @Test
    void isTheKnownFunction() {
        assertThat(KeyHash.of("")).isEqualTo(0xEF46DB3751D8E999L);
        assertThat(KeyHash.of("a")).isEqualTo(0xD24EC4F1A98C6E5BL);
        assertThat(KeyHash.of("abc")).isEqualTo(0x44BC2CF5AD770999L);
    }

    @Test
    void agreesWithAnotherImplementationAtEveryLength() {
        XxHash other = new XxHash(0);
        StringBuilder key = new StringBuilder();
        for (int length = 1; length < 200; length++) {
            key.append((char) ('!' + length % 90));
            byte[] bytes = key.toString().getBytes(StandardCharsets.US_ASCII);
            assertThat(KeyHash.of(bytes, 0, length))
                    .as("length %d", length)
                    .isEqualTo(other.applyAsLong(Bytes.wrapForRead(bytes)));
        }
    }
}
