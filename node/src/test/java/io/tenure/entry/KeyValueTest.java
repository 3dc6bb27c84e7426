package io.tenure.entry;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A key and its value in one array. */
final class KeyValueTest {
    @Provide
    static Arbitrary<String> anyText() {
        return LineFormatTest.anyText();
    }

    /** Snapshots are ordered so; those written before must stay readable, and the other way round. */
    @Property
    void keysAreOrderedAsStrings(
            @ForAll("anyText") String prefix,
            @ForAll("anyText") String left,
            @ForAll("anyText") String right,
            @ForAll("anyText") String value) {
        String a = prefix + left;
        String b = prefix + right;
        int order = KeyValue.compareKeys(KeyValue.of(a, value), KeyValue.of(b, "other"));
        assertThat(Integer.signum(order)).isEqualTo(Integer.signum(a.compareTo(b)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x7f, 0x80, 0x7ff, 0x800, 0xcfff, 0xd7ff, 0xe000, 0xefff, 0xf000, 0xffff, 0x10000, 0x10ffff})
    void everyKindOfCodePointHasThePlaceOfItsUnits(int codePoint) {
        for (int other : new int[] {'a', 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0xfffff, 0x10ffff}) {
            String a = "k" + Character.toString(codePoint);
            String b = "k" + Character.toString(other);
            assertThat(Integer.signum(KeyValue.compareKeys(KeyValue.of(a, ""), KeyValue.of(b, ""))))
                    .as("U+%X and U+%X", codePoint, other)
                    .isEqualTo(Integer.signum(a.compareTo(b)));
        }
    }

    @Property
    void whatWasPutInIsThere(@ForAll("anyText") String key, @ForAll("anyText") String value) {
        byte[] made = KeyValue.of(key, value);
        assertThat(KeyValue.key(made)).isEqualTo(key);
        assertThat(KeyValue.value(made)).isEqualTo(value);
        assertThat(KeyValue.keyHash(made)).isEqualTo(KeyHash.of(key));
        byte[] bytes = ("x" + key + "y").getBytes(StandardCharsets.UTF_8);
        assertThat(KeyValue.hasKey(made, bytes, 1, bytes.length - 1)).isTrue();
        assertThat(KeyValue.hasKey(made, bytes, 1, bytes.length)).isFalse();
    }
}
