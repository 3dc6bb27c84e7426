package io.tenure.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.tenure.raft.Entry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The text of an entry: any string goes there and back, and there is one text only. */
final class LineFormatTest {
    private static final int[] TRICKY = {
        0, 1, 9, 10, 13, 31, ' ', '\\', 'e', 's', 'u', 0x7f, 0x80, 0x85, 0x9f, 0xa0, 0xa1, 0x1680, 0x1fff, 0x2000,
        0x200a, 0x200b, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xd7ff, 0xe000, 0xfeff, 0xffff, 0x10000, 0x1f600,
        0x10ffff
    };

    private final LineEncoder encoder = new LineEncoder();
    private final LineParser parser = new LineParser();

    @Provide
    static Arbitrary<String> anyText() {
        Arbitrary<Integer> codePoints = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(3, Arbitraries.integers().between(' ', '~')),
                net.jqwik.api.Tuple.of(2, Arbitraries.of(boxed())),
                net.jqwik.api.Tuple.of(
                        1,
                        Arbitraries.integers()
                                .between(0, Character.MAX_CODE_POINT)
                                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)));
        return codePoints.list().ofMaxSize(20).map(list -> {
            StringBuilder text = new StringBuilder();
            list.forEach(text::appendCodePoint);
            return text.toString();
        });
    }

    private static Integer[] boxed() {
        return java.util.Arrays.stream(TRICKY).boxed().toArray(Integer[]::new);
    }

    @Property
    void anyStringGoesThereAndBack(
            @ForAll("anyText") String key,
            @ForAll("anyText") String value,
            @ForAll long session,
            @ForAll long someTerm) {
        long term = someTerm & Long.MAX_VALUE;
        Entry entry = encode(key, value, session, 7, term, false);

        parser.parse(entry.bytes(), entry.offset(), entry.length());

        assertThat(parser.kind()).isEqualTo(Entry.Kind.WRITE);
        assertThat(parser.key()).isEqualTo(key);
        assertThat(parser.value()).isEqualTo(value);
        assertThat(parser.keyValue()).isEqualTo(KeyValue.of(key, value));
        assertThat(parser.term()).isEqualTo(term);
        assertThat(parser.keyHash())
                .isEqualTo(entry.keyHash())
                .isEqualTo(KeyHash.of(key))
                .isNotZero();
        assertThat(parser.operation() + " " + term + "\n").isEqualTo(text(entry));
        assertThat(text(entry).split(" ", -1)).hasSize(4);
        assertThat(text(entry).lines()).hasSize(1);
        assertThat(text(encode(key, value, session, 7, term, true))).isEqualTo(text(entry));
        assertThat(text(LineEncoder.set(key, value, session, 7, term))).isEqualTo(text(entry));
    }

    @Property
    void whatIsAcceptedIsWhatWouldBeWritten(@ForAll("anyText") String field) {
        // The field stands unescaped: either it is not accepted, or it is the escaped form of what it stands for.
        byte[] line = ("SET " + field + " v 1\n").getBytes(StandardCharsets.UTF_8);
        try {
            parser.parse(line, 0, line.length);
        } catch (MalformedLineException e) {
            return;
        }
        assertThat(text(LineEncoder.set(parser.key(), parser.value(), 0, 0, parser.term()))
                        .getBytes(StandardCharsets.UTF_8))
                .isEqualTo(line);
    }

    @Property
    void anyBytesAreRefusedOrCanonical(@ForAll byte[] field) {
        byte[] line = ByteBuffer.allocate(field.length + 8)
                .put("SET ".getBytes(StandardCharsets.US_ASCII))
                .put(field)
                .put(" 1 1".getBytes(StandardCharsets.US_ASCII), 0, 3)
                .put((byte) '\n')
                .array();
        try {
            parser.parse(line, 0, line.length);
        } catch (MalformedLineException e) {
            return;
        }
        assertThat(text(LineEncoder.set(parser.key(), parser.value(), 0, 0, parser.term()))
                        .getBytes(StandardCharsets.UTF_8))
                .isEqualTo(line);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "SET name1 Sam 0|name1|Sam|0",
                "SET name3 Aujla\\sSingh 1|name3|Aujla Singh|1",
                "SET 7 6 5|7|6|5",
                "SET a\\\\b \\u0085 2|a\\b|\u0085|2",
                "SET NO-OP 3 4|NO-OP|3|4"
            })
    void readsLikeTheSample(String line, String key, String value, long term) {
        assertThat(text(LineEncoder.set(key, value, 0, 0, term))).isEqualTo(line + "\n");
    }

    /** Eight bytes are judged at once: every two neighbours at every place must be judged as each alone is. */
    @Test
    void findsTheFirstByteThatIsNotPlain() {
        byte[] bytes = new byte[20];
        for (int at = 0; at < bytes.length - 1; at++) {
            for (int pair = 0; pair <= 0xffff; pair++) {
                Arrays.fill(bytes, (byte) 'x');
                bytes[at] = (byte) pair;
                bytes[at + 1] = (byte) (pair >>> 8);
                int expected = !LineFormat.isPlain(bytes[at])
                        ? at
                        : !LineFormat.isPlain(bytes[at + 1]) ? at + 1 : bytes.length;
                int found = LineFormat.endOfPlain(bytes, 0, bytes.length);
                if (found != expected) {
                    fail("bytes %04x at %d: %d", pair, at, found);
                }
            }
        }
    }

    @Test
    void emptyStringIsWritten() {
        assertThat(text(LineEncoder.set("", "", 0, 0, 3))).isEqualTo("SET \\e \\e 3\n");
    }

    /** LEASE.md 1.6 (a): the term is the last field, not the value. */
    @Test
    void termIsTheLastField() {
        byte[] line = "SET x 6 11\n".getBytes(StandardCharsets.US_ASCII);
        parser.parse(line, 0, line.length);
        assertThat(parser.term()).isEqualTo(11);
        assertThat(parser.value()).isEqualTo("6");
        assertThat(parser.operation()).isEqualTo("SET x 6");
    }

    @Test
    void noOpHasTermOnly() {
        Entry entry = LineEncoder.noOp(0);
        assertThat(text(entry)).isEqualTo("NO-OP 0\n");
        parser.parse(entry.bytes(), entry.offset(), entry.length());
        assertThat(parser.kind()).isEqualTo(Entry.Kind.NO_OP);
        assertThat(parser.operation()).isEqualTo("NO-OP");
        assertThat(parser.entry(5, 6).session()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SET a b 1|column 10: the line does not end in a line feed",
                "SET a b.|column 8: the line ends after its value",
                "SET a.|column 6: the line ends after its key",
                "SET a b c 1.|column 9: the term is not a number",
                "SET a b -1.|column 9: the term is not a number",
                "SET a b 01.|column 9: the term starts with a zero",
                "SET a b 9223372036854775808.|column 9: the term is too large",
                "SET  b 1.|column 5: empty key: it is written \\e",
                "SET a\\x b 1.|column 6: unknown escape",
                "SET a\\ b 1.|column 6: a backslash with nothing after it",
                "SET a\\e b 1.|column 6: \\e, the empty string, stands alone",
                "SET \\u0061 b 1.|column 5: U+0061 is not written as \\u",
                "SET \\u000A b 1.|column 5: \\u needs four lower-case hex digits",
                "SET \\u000a b 1.|column 5: U+000A is not written as \\u",
                "SET \\u00 b 1.|column 5: \\u needs four lower-case hex digits",
                "set a b 1.|column 1: neither \"SET <key> <value> <term>\" nor \"NO-OP <term>\"",
                "NO-OP.|column 1: neither \"SET <key> <value> <term>\" nor \"NO-OP <term>\"",
                "NO-OP x.|column 7: the term is not a number"
            })
    void saysWhatIsWrongAndWhere(String line, String problem) {
        byte[] bytes = line.replace('.', '\n').getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> parser.parse(bytes, 0, bytes.length))
                .isInstanceOf(MalformedLineException.class)
                .hasMessage(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "a\udc00", "\ud800\ud800"})
    void unpairedSurrogatesAreRefused(String key) {
        assertThatThrownBy(() -> LineFormat.escape(key)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusedWriteLeavesTheBatchAsItWas() {
        encoder.begin();
        encoder.appendNoOp(4);
        byte[] bad = {'k', (byte) 0xc0, (byte) 0x80};
        assertThatThrownBy(() -> encoder.appendSet(new UnsafeBuffer(bad), 0, 1, 0, 3, 1, 1, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("byte 1 starts no well-formed UTF-8");
        encoder.appendNoOp(5);

        List<Entry> entries = encoder.finish();

        assertThat(entries).extracting(LineFormatTest::text).containsExactly("NO-OP 4\n", "NO-OP 5\n");
    }

    @Test
    void batchSharesOneArray() {
        encoder.begin();
        for (int i = 0; i < 1000; i++) {
            append("key" + i, "value " + i, i + 1, i, 2, i % 2 == 0);
        }
        List<Entry> entries = encoder.finish();
        int offset = 0;
        for (Entry entry : entries) {
            assertThat(entry.bytes()).isSameAs(entries.get(0).bytes());
            assertThat(entry.offset()).isEqualTo(offset);
            offset += entry.length();
        }
        assertThat(text(entries.get(999))).isEqualTo("SET key999 value\\s999 2\n");
        assertThat(entries.get(999).session()).isEqualTo(1000);
        assertThat(encoder.finish()).isEmpty();
    }

    private Entry encode(String key, String value, long session, long number, long term, boolean direct) {
        encoder.begin();
        append(key, value, session, number, term, direct);
        return encoder.finish().get(0);
    }

    private void append(String key, String value, long session, long number, long term, boolean direct) {
        byte[] k = key.getBytes(StandardCharsets.UTF_8);
        byte[] v = value.getBytes(StandardCharsets.UTF_8);
        int room = k.length + v.length + 8;
        ByteBuffer bytes = direct ? ByteBuffer.allocateDirect(room) : ByteBuffer.allocate(room);
        bytes.put(3, k).put(5 + k.length, v);
        DirectBuffer source = new UnsafeBuffer(bytes, 1, room - 1);
        encoder.appendSet(source, 2, k.length, 4 + k.length, v.length, session, number, term);
    }

    static String text(Entry entry) {
        return new String(entry.bytes(), entry.offset(), entry.length(), StandardCharsets.UTF_8);
    }
}
