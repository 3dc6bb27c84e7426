package io.tenure.peers;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A request to a replicated map as bytes: what is asked for, the length of the key in two bytes, the key, the value.
 * For systems that replicate bytes and leave it to us what they mean.
 *
 * @param value empty in a GET
 */
public record KeyValue(boolean isSet, String key, String value) {
    private static final byte SET = 1;
    private static final byte GET = 2;
    private static final byte ABSENT = 0;
    private static final byte PRESENT = 1;

    /** A write. */
    public static byte[] set(String key, String value) {
        return encode(SET, key, value);
    }

    /** A read. */
    public static byte[] get(String key) {
        return encode(GET, key, "");
    }

    private static byte[] encode(byte kind, String key, String value) {
        byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
        byte[] valueBytes = value.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(3 + keyBytes.length + valueBytes.length)
                .put(kind)
                .putShort((short) keyBytes.length)
                .put(keyBytes)
                .put(valueBytes)
                .array();
    }

    /** Reads a request; the buffer is left at its end. */
    public static KeyValue decode(ByteBuffer request) {
        boolean isSet = request.get() == SET;
        byte[] key = new byte[request.getShort()];
        request.get(key);
        byte[] value = new byte[request.remaining()];
        request.get(value);
        return new KeyValue(isSet, new String(key, StandardCharsets.UTF_8), new String(value, StandardCharsets.UTF_8));
    }

    /** Does what was asked for, and makes the answer: of a write empty, of a read see {@link #value(byte[])}. */
    public byte[] applyTo(Map<String, String> map) {
        if (isSet) {
            map.put(key, value);
            return new byte[] {ABSENT};
        }
        String found = map.get(key);
        if (found == null) {
            return new byte[] {ABSENT};
        }
        byte[] bytes = found.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + bytes.length).put(PRESENT).put(bytes).array();
    }

    /** The value in an answer; null if there was none. */
    public static String value(byte[] answer) {
        return answer.length == 0 || answer[0] == ABSENT
                ? null
                : new String(answer, 1, answer.length - 1, StandardCharsets.UTF_8);
    }
}
