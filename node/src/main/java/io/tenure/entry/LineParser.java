package io.tenure.entry;

import io.tenure.raft.Entry;
import java.nio.charset.StandardCharsets;
import net.openhft.chronicle.bytes.Bytes;

/**
 * Parses log lines in place. Accepts exactly what {@link LineEncoder} writes: a needless or differently spelt escape, a
 * leading zero, a second space are errors, so that one entry has one text. Reusable, no garbage but the strings asked
 * for; confined to one thread. Answers are about the line parsed last, whose array must not have changed since.
 */
public final class LineParser {
    private static final int BYTES_INITIAL = 256;

    private final Bytes<byte[]> unescaped = Bytes.allocateElasticOnHeap(BYTES_INITIAL);
    private byte[] hashed = new byte[BYTES_INITIAL];

    private byte[] line;
    private int start;
    private int operationEnd;
    private int keyStart;
    private int keyEnd;
    private boolean keyEscaped;
    private int valueStart;
    private int valueEnd;
    private boolean valueEscaped;
    private Entry.Kind kind;
    private long term;

    /** Makes a parser that has parsed nothing yet. */
    public LineParser() {
        unescaped.singleThreadedCheckDisabled(true);
    }

    /**
     * Parses one whole line.
     *
     * @param length length of the line, its line feed included
     * @throws MalformedLineException if it is not one
     */
    public void parse(byte[] bytes, int offset, int length) {
        line = bytes;
        start = offset;
        int end = offset + length - 1;
        if (length < 1 || bytes[end] != '\n') {
            throw malformed(offset + length, "the line does not end in a line feed");
        }
        if (startsWith(LineFormat.SET, end)) {
            kind = Entry.Kind.WRITE;
            keyStart = offset + LineFormat.SET.length;
            keyEnd = endOfField(keyStart, end, "key");
            keyEscaped = checkField(keyStart, keyEnd, "key");
            valueStart = keyEnd + 1;
            valueEnd = endOfField(valueStart, end, "value");
            valueEscaped = checkField(valueStart, valueEnd, "value");
            operationEnd = valueEnd;
        } else if (startsWith(LineFormat.NO_OP, end)) {
            kind = Entry.Kind.NO_OP;
            operationEnd = offset + LineFormat.NO_OP.length - 1;
        } else {
            throw malformed(offset, "neither \"SET <key> <value> <term>\" nor \"NO-OP <term>\"");
        }
        term = parseTerm(operationEnd + 1, end);
    }

    /**
     * Parses one whole line of a snapshot, {@code SET <key> <value>}: like {@link #parse}, but there is no term.
     *
     * @throws MalformedLineException if it is not one
     */
    public void parseValue(byte[] bytes, int offset, int length) {
        line = bytes;
        start = offset;
        int end = offset + length - 1;
        if (length < 1 || bytes[end] != '\n' || !startsWith(LineFormat.SET, end)) {
            throw malformed(offset, "not \"SET <key> <value>\"");
        }
        kind = Entry.Kind.WRITE;
        keyStart = offset + LineFormat.SET.length;
        keyEnd = endOfField(keyStart, end, "key");
        keyEscaped = checkField(keyStart, keyEnd, "key");
        valueStart = keyEnd + 1;
        valueEnd = end;
        valueEscaped = checkField(valueStart, valueEnd, "value");
        operationEnd = valueEnd;
        term = 0;
    }

    /** The entry that the line parsed last stands for; it keeps the array. */
    public Entry entry(long session, long number) {
        boolean isWrite = kind == Entry.Kind.WRITE;
        int length = endOfLine() - start;
        return new Entry(
                kind,
                term,
                isWrite ? keyHash() : KeyHash.NONE,
                isWrite ? session : 0,
                isWrite ? number : 0,
                line,
                start,
                length);
    }

    public Entry.Kind kind() {
        return kind;
    }

    public long term() {
        return term;
    }

    /** Key of a write. */
    public String key() {
        return field(keyStart, keyEnd, keyEscaped);
    }

    /** Value of a write. */
    public String value() {
        return field(valueStart, valueEnd, valueEscaped);
    }

    /** Key and value of a write as a {@link KeyValue}. */
    public byte[] keyValue() {
        if (!keyEscaped && !valueEscaped) {
            byte[] plain = KeyValue.withRoom(keyEnd - keyStart, valueEnd - valueStart);
            System.arraycopy(line, keyStart, plain, KeyValue.keyStart(), keyEnd - keyStart);
            System.arraycopy(line, valueStart, plain, KeyValue.valueStart(plain), valueEnd - valueStart);
            return plain;
        }
        unescaped.clear();
        unescape(keyStart, keyEnd);
        int keyLength = (int) unescaped.readRemaining();
        unescape(valueStart, valueEnd);
        int length = (int) unescaped.readRemaining();
        byte[] made = KeyValue.withRoom(keyLength, length - keyLength);
        unescaped.read(made, KeyValue.keyStart(), length);
        return made;
    }

    /** {@link KeyHash} of a write's key. */
    public long keyHash() {
        if (!keyEscaped) {
            return KeyHash.of(line, keyStart, keyEnd - keyStart);
        }
        unescaped.clear();
        unescape(keyStart, keyEnd);
        int length = (int) unescaped.readRemaining();
        if (hashed.length < length) {
            hashed = new byte[length];
        }
        unescaped.read(hashed, 0, length);
        return KeyHash.of(hashed, 0, length);
    }

    /** The operation as the line has it, without the term, as in {@code SET x 6}: one line, whatever the key holds. */
    public String operation() {
        return new String(line, start, operationEnd - start, StandardCharsets.UTF_8);
    }

    /** Unescapes a field that stands alone. */
    String unescapeField(byte[] bytes, int from, int to) {
        line = bytes;
        start = from;
        return field(from, to, checkField(from, to, "text"));
    }

    private String field(int from, int to, boolean escaped) {
        if (!escaped) {
            return new String(line, from, to - from, StandardCharsets.UTF_8);
        }
        unescaped.clear();
        unescape(from, to);
        return new String(unescaped.toByteArray(), StandardCharsets.UTF_8);
    }

    private int endOfLine() {
        int at = operationEnd;
        while (line[at] != '\n') {
            at++;
        }
        return at + 1;
    }

    private boolean startsWith(byte[] word, int end) {
        if (end - start < word.length) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            if (line[start + i] != word[i]) {
                return false;
            }
        }
        return true;
    }

    private int endOfField(int from, int end, String name) {
        for (int at = LineFormat.endOfPlain(line, from, end); at < end; at++) {
            if (line[at] == ' ') {
                return at;
            }
        }
        throw malformed(end, "the line ends after its " + name);
    }

    /** Checks that a field is in its one escaped form; returns whether it holds an escape. */
    private boolean checkField(int from, int to, String name) {
        if (from == to) {
            throw malformed(from, "empty " + name + ": it is written \\e");
        }
        boolean escaped = false;
        for (int at = LineFormat.endOfPlain(line, from, to); at < to; at = LineFormat.endOfPlain(line, at, to)) {
            if (line[at] == '\\') {
                escaped = true;
                at += escapeLength(from, at, to);
            } else {
                int codePoint = LineFormat.codePointAt(line, at, to);
                if (codePoint == LineFormat.INVALID) {
                    throw malformed(at, "not well-formed UTF-8");
                }
                if (LineFormat.escapeLetter(codePoint) != 0 || LineFormat.needsHex(codePoint)) {
                    throw malformed(at, String.format("U+%04X stands unescaped in the %s", codePoint, name));
                }
                at += LineFormat.utf8Length(codePoint);
            }
        }
        return escaped;
    }

    private int escapeLength(int from, int at, int to) {
        if (at + 1 == to) {
            throw malformed(at, "a backslash with nothing after it");
        }
        return switch (line[at + 1]) {
            case '\\', 's', 't', 'n', 'r' -> 2;
            case 'e' -> {
                if (from != at || to != at + 2) {
                    throw malformed(at, "\\e, the empty string, stands alone");
                }
                yield 2;
            }
            case 'u' -> {
                int codePoint = hexCodePoint(at + 2, to);
                if (codePoint == LineFormat.INVALID) {
                    throw malformed(at, "\\u needs four lower-case hex digits");
                }
                if (!LineFormat.needsHex(codePoint)) {
                    throw malformed(at, String.format("U+%04X is not written as \\u", codePoint));
                }
                yield 6;
            }
            default -> throw malformed(at, "unknown escape");
        };
    }

    private int hexCodePoint(int from, int to) {
        if (from + 4 > to) {
            return LineFormat.INVALID;
        }
        int codePoint = 0;
        for (int at = from; at < from + 4; at++) {
            byte digit = line[at];
            if (digit >= '0' && digit <= '9') {
                codePoint = codePoint << 4 | (digit - '0');
            } else if (digit >= 'a' && digit <= 'f') {
                codePoint = codePoint << 4 | (digit - 'a' + 10);
            } else {
                return LineFormat.INVALID;
            }
        }
        return codePoint;
    }

    /** The term is the last field, whatever stands before it (LEASE.md 1.6 a). */
    private long parseTerm(int from, int end) {
        if (from >= end) {
            throw malformed(end, "the term is missing");
        }
        if (line[from] == '0' && end > from + 1) {
            throw malformed(from, "the term starts with a zero");
        }
        long parsed = 0;
        for (int at = from; at < end; at++) {
            int digit = line[at] - '0';
            if (digit < 0 || digit > 9) {
                throw malformed(at, "the term is not a number");
            }
            if (parsed > (Long.MAX_VALUE - digit) / 10) {
                throw malformed(from, "the term is too large");
            }
            parsed = parsed * 10 + digit;
        }
        return parsed;
    }

    /** Adds what a checked field stands for to {@link #unescaped}. */
    private void unescape(int from, int to) {
        int copied = from;
        for (int at = from; at < to; at++) {
            if (line[at] != '\\') {
                continue;
            }
            unescaped.write(line, copied, at - copied);
            byte letter = line[at + 1];
            copied = at + (letter == 'u' ? 6 : 2);
            if (letter == 'u') {
                writeUtf8(hexCodePoint(at + 2, to));
            } else if (letter != 'e') {
                unescaped.writeByte(meaning(letter));
            }
            at = copied - 1;
        }
        unescaped.write(line, copied, to - copied);
    }

    private static byte meaning(byte letter) {
        return switch (letter) {
            case 's' -> ' ';
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'r' -> '\r';
            default -> letter;
        };
    }

    /** Code points that are written as hex lie in the basic plane. */
    private void writeUtf8(int codePoint) {
        if (codePoint < 0x80) {
            unescaped.writeByte((byte) codePoint);
        } else if (codePoint < 0x800) {
            unescaped.writeByte((byte) (0xc0 | (codePoint >> 6))).writeByte((byte) (0x80 | (codePoint & 0x3f)));
        } else {
            unescaped
                    .writeByte((byte) (0xe0 | (codePoint >> 12)))
                    .writeByte((byte) (0x80 | ((codePoint >> 6) & 0x3f)))
                    .writeByte((byte) (0x80 | (codePoint & 0x3f)));
        }
    }

    private MalformedLineException malformed(int at, String problem) {
        return new MalformedLineException(at - start + 1, problem);
    }
}
