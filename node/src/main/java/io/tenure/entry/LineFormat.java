package io.tenure.entry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The grammar of {@code logs.txt} (DESIGN.md, D4): {@code SET <key> <value> <term>} and {@code NO-OP <term>}, UTF-8,
 * fields separated by one space, each line ended by a line feed.
 *
 * <p>A key or value stands as it is, except for what would make a line ambiguous or hard to read:
 *
 * <pre>
 * \e      the empty string
 * \\      backslash
 * \s      space
 * \t \n \r   tab, line feed, carriage return
 * \u0085  any other control character and any other white space, four lower-case hex digits
 * </pre>
 *
 * <p>Every string has exactly one escaped form, and the parser accepts nothing else; so equal entries are equal bytes.
 */
public final class LineFormat {
    /** Longest line in bytes, line feed included. Far above what the limits on keys and values allow. */
    public static final int LINE_BYTES_MAX = 64 << 20;

    static final byte[] SET = "SET ".getBytes(StandardCharsets.US_ASCII);
    static final byte[] NO_OP = "NO-OP ".getBytes(StandardCharsets.US_ASCII);
    static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    static final int INVALID = -1;

    private static final int DEL = 0x7f;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /** Times a byte: that byte in each place. */
    private static final long EACH = 0x0101010101010101L;

    private static final long HIGH_BITS = 0x8080808080808080L;

    private LineFormat() {}

    /**
     * The escaped form of {@code text}, as it stands in a log line.
     *
     * @throws IllegalArgumentException if {@code text} holds an unpaired surrogate
     */
    public static String escape(String text) {
        if (text.isEmpty()) {
            return "\\e";
        }
        StringBuilder escaped = new StringBuilder(text.length() + 8);
        for (int at = 0; at < text.length(); ) {
            int codePoint = text.codePointAt(at);
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                throw new IllegalArgumentException("unpaired surrogate at position " + at);
            }
            at += Character.charCount(codePoint);
            char letter = escapeLetter(codePoint);
            if (letter != 0) {
                escaped.append('\\').append(letter);
            } else if (needsHex(codePoint)) {
                escaped.append(String.format("\\u%04x", codePoint));
            } else {
                escaped.appendCodePoint(codePoint);
            }
        }
        return escaped.toString();
    }

    /**
     * What {@code escaped} stands for.
     *
     * @throws MalformedLineException if it is not the escaped form of any string
     */
    public static String unescape(String escaped) {
        byte[] bytes = escaped.getBytes(StandardCharsets.UTF_8);
        return new LineParser().unescapeField(bytes, 0, bytes.length);
    }

    /** Whether the byte stands for itself, whatever is around it: printable ASCII without the backslash. */
    static boolean isPlain(byte unit) {
        return unit > ' ' && unit < DEL && unit != '\\';
    }

    /** Where the first byte stands that is not printable ASCII, or is a backslash; {@code to} if there is none. */
    public static int endOfPlain(byte[] bytes, int from, int to) {
        int at = from;
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            long others = notPlain((long) LONGS.get(bytes, at));
            if (others != 0) {
                return at + (Long.numberOfTrailingZeros(others) >>> 3);
            }
        }
        while (at < to && isPlain(bytes[at])) {
            at++;
        }
        return at;
    }

    /**
     * Eight bytes at once: the high bit is set where one is not plain. A borrow may set bits above the lowest of these, none
     * below it.
     */
    private static long notPlain(long units) {
        long notBlank = units - (' ' + 1) * EACH;
        long notDel = (units ^ DEL * EACH) - EACH;
        long notBackslash = (units ^ '\\' * EACH) - EACH;
        return (units | notBlank | notDel | notBackslash) & HIGH_BITS;
    }

    /** The letter that stands for {@code codePoint} after a backslash, 0 if none does. */
    static char escapeLetter(int codePoint) {
        return switch (codePoint) {
            case '\\' -> '\\';
            case ' ' -> 's';
            case '\t' -> 't';
            case '\n' -> 'n';
            case '\r' -> 'r';
            default -> 0;
        };
    }

    /** Whether {@code codePoint}, for which no letter stands, is written as hex digits. */
    static boolean needsHex(int codePoint) {
        if (codePoint < DEL) {
            return codePoint < ' ' && escapeLetter(codePoint) == 0;
        }
        if (codePoint <= 0xa0) {
            return true;
        }
        return switch (codePoint) {
            case 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff -> true;
            default -> codePoint >= 0x2000 && codePoint <= 0x200a;
        };
    }

    /** The code point that starts at {@code at}; {@link #INVALID} if no well-formed UTF-8 does. */
    static int codePointAt(byte[] bytes, int at, int end) {
        int lead = bytes[at] & 0xff;
        if (lead < 0x80) {
            return lead;
        }
        int length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
        if (lead < 0xc2 || lead > 0xf4 || at + length > end) {
            return INVALID;
        }
        int codePoint = lead & (0xff >> (length + 1));
        for (int i = 1; i < length; i++) {
            int unit = bytes[at + i];
            if ((unit & 0xc0) != 0x80) {
                return INVALID;
            }
            codePoint = codePoint << 6 | (unit & 0x3f);
        }
        boolean overlong = codePoint < (length == 3 ? 0x800 : length == 4 ? 0x10000 : 0x80);
        boolean surrogate = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
        return overlong || surrogate || codePoint > Character.MAX_CODE_POINT ? INVALID : codePoint;
    }

    /** Bytes that a valid code point takes in UTF-8. */
    static int utf8Length(int codePoint) {
        return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    }
}
