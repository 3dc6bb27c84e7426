package io.tenure.entry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A key and its value in one array, which is never changed once it is full: the key's length in four bytes, the key, the value,
 * both as UTF-8 and unescaped. A class of its own would be one more object and one more place in memory to go to.
 */
public final class KeyValue {
    private static final int KEY_START = Integer.BYTES;

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private KeyValue() {}

    /** Makes one of strings. */
    public static byte[] of(String key, String value) {
        byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
        byte[] valueBytes = value.getBytes(StandardCharsets.UTF_8);
        byte[] made = withRoom(keyBytes.length, valueBytes.length);
        System.arraycopy(keyBytes, 0, made, KEY_START, keyBytes.length);
        System.arraycopy(valueBytes, 0, made, KEY_START + keyBytes.length, valueBytes.length);
        return made;
    }

    /** One with the length of the key, but neither key nor value yet. */
    static byte[] withRoom(int keyLength, int valueLength) {
        byte[] made = new byte[KEY_START + keyLength + valueLength];
        INTS.set(made, 0, keyLength);
        return made;
    }

    /** Where the key starts. */
    public static int keyStart() {
        return KEY_START;
    }

    /** Where the key ends and the value starts, which reaches to the end of the array. */
    public static int valueStart(byte[] keyValue) {
        return KEY_START + (int) INTS.get(keyValue, 0);
    }

    /** The key. */
    public static String key(byte[] keyValue) {
        return new String(keyValue, KEY_START, valueStart(keyValue) - KEY_START, StandardCharsets.UTF_8);
    }

    /** The value. */
    public static String value(byte[] keyValue) {
        int start = valueStart(keyValue);
        return new String(keyValue, start, keyValue.length - start, StandardCharsets.UTF_8);
    }

    /** {@link KeyHash} of the key. */
    public static long keyHash(byte[] keyValue) {
        return KeyHash.of(keyValue, KEY_START, valueStart(keyValue) - KEY_START);
    }

    /** Whether these bytes are the key. */
    public static boolean hasKey(byte[] keyValue, byte[] key, int from, int to) {
        return Arrays.equals(keyValue, KEY_START, valueStart(keyValue), key, from, to);
    }

    /**
     * Orders by key as {@link String#compareTo} orders the strings: by UTF-16 units. That differs from the order of bytes in one
     * thing: what UTF-8 begins with 0xEE or 0xEF, U+E000 to U+FFFF, comes after the surrogates, and so after what it begins with
     * 0xF0 to 0xF4.
     */
    public static int compareKeys(byte[] a, byte[] b) {
        int aEnd = valueStart(a);
        int bEnd = valueStart(b);
        int at = Arrays.mismatch(a, KEY_START, aEnd, b, KEY_START, bEnd);
        if (at < 0) {
            return 0;
        }
        at += KEY_START;
        return at == aEnd ? -1 : at == bEnd ? 1 : Integer.compare(rank(a[at]), rank(b[at]));
    }

    private static int rank(byte unit) {
        int unsigned = unit & 0xff;
        return unsigned == 0xee || unsigned == 0xef ? unsigned + 0x10 : unsigned;
    }
}
