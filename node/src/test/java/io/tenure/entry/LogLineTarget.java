package io.tenure.entry;

import io.tenure.raft.Entry;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A line of {@code logs.txt}: what parses is formatted again to the same bytes; any two strings make a line that parses. */
public final class LogLineTarget {
    private LogLineTarget() {}

    /** Runs it. */
    public static void run(byte[] input) {
        parse(input);
        write(input);
    }

    private static void parse(byte[] input) {
        // In a larger array, as a reader has it.
        byte[] around = new byte[input.length + 7];
        Arrays.fill(around, (byte) '9');
        System.arraycopy(input, 0, around, 3, input.length);
        LineParser parser = new LineParser();
        try {
            parser.parse(around, 3, input.length);
        } catch (MalformedLineException e) {
            require(e.column() >= 1 && e.column() <= input.length + 1, "column " + e.column());
            return;
        }
        Entry entry = parser.entry(5, 6);
        Entry again = parser.kind() == Entry.Kind.NO_OP
                ? LineEncoder.noOp(parser.term())
                : LineEncoder.set(parser.key(), parser.value(), 5, 6, parser.term());
        require(Arrays.equals(input, again.bytes()), "formatted otherwise");
        require(entry.offset() == 3 && entry.length() == input.length, "not all of the line");
        require(entry.keyHash() == again.keyHash(), "another hash");
        require(
                (parser.operation() + " " + parser.term() + "\n").equals(new String(input, StandardCharsets.UTF_8)),
                "another operation");
    }

    private static void write(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        String key = text.substring(0, text.offsetByCodePoints(0, text.codePointCount(0, text.length()) / 2));
        String value = text.substring(key.length());
        byte[] line = LineEncoder.set(key, value, 1, 1, 7).bytes();
        LineParser parser = new LineParser();
        parser.parse(line, 0, line.length);
        require(parser.key().equals(key) && parser.value().equals(value), "read otherwise");
        require(Arrays.equals(parser.keyValue(), KeyValue.of(key, value)), "copied otherwise");
        require(LineFormat.unescape(LineFormat.escape(text)).equals(text), "unescaped otherwise");
        require(
                new String(line, 0, line.length - 1, StandardCharsets.UTF_8)
                                .lines()
                                .count()
                        == 1,
                "more than a line");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
