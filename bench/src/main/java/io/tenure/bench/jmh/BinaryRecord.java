package io.tenure.bench.jmh;

import io.tenure.entry.KeyHash;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;

/**
 * What a log would hold that nobody need read, for comparison: a chained CRC32C, then lengths, tags, key and value. Buffers lie on
 * the heap. Reusable; confined to one thread.
 *
 * <pre>
 *  0  checksum   4  CRC32C over the previous record's checksum and the rest of this one
 *  4  length     4  of the record
 *  8  term       8
 * 16  session    8
 * 24  number     8
 * 32  keyHash    8
 * 40  keyLength  4
 * 44  key, value
 * </pre>
 */
final class BinaryRecord {
    private static final int HEADER = 44;
    private static final int TERM = 8;
    private static final int SESSION = 16;
    private static final int NUMBER = 24;
    private static final int KEY_HASH = 32;
    private static final int KEY_LENGTH = 40;

    private final CRC32C crc = new CRC32C();
    private ByteBuffer source;
    private int start;

    /** Bytes of a record. */
    static int length(int keyLength, int valueLength) {
        return HEADER + keyLength + valueLength;
    }

    /** Appends a write whose key and value stand in {@code request}; returns the checksum. */
    int append(
            ByteBuffer target,
            int previousChecksum,
            DirectBuffer request,
            int keyLength,
            long session,
            long number,
            long term) {
        int at = target.position();
        int length = HEADER + request.capacity();
        target.putInt(at + Integer.BYTES, length);
        target.putLong(at + TERM, term);
        target.putLong(at + SESSION, session);
        target.putLong(at + NUMBER, number);
        target.putLong(at + KEY_HASH, KeyHash.of(request, 0, keyLength));
        target.putInt(at + KEY_LENGTH, keyLength);
        request.getBytes(0, target, at + HEADER, request.capacity());
        target.putInt(at, previousChecksum);
        int checksum = checksum(target, at, length);
        target.putInt(at, checksum);
        target.position(at + length);
        return checksum;
    }

    /** Reads the next record and verifies it; returns its checksum. Answers are about it until the next one is read. */
    int read(ByteBuffer records, int previousChecksum) {
        source = records;
        start = records.position();
        int length = records.getInt(start + Integer.BYTES);
        int stored = records.getInt(start);
        records.putInt(start, previousChecksum);
        int checksum = checksum(records, start, length);
        records.putInt(start, stored);
        if (checksum != stored) {
            throw new IllegalStateException("not what was written");
        }
        records.position(start + length);
        return stored;
    }

    /** {@link KeyHash} of the key. */
    long keyHash() {
        return source.getLong(start + KEY_HASH);
    }

    /** The key. */
    String key() {
        return text(start + HEADER, source.getInt(start + KEY_LENGTH));
    }

    /** The value. */
    String value() {
        int keyLength = source.getInt(start + KEY_LENGTH);
        int length = source.getInt(start + Integer.BYTES);
        return text(start + HEADER + keyLength, length - HEADER - keyLength);
    }

    private String text(int from, int length) {
        return new String(source.array(), source.arrayOffset() + from, length, StandardCharsets.UTF_8);
    }

    private int checksum(ByteBuffer record, int from, int length) {
        crc.reset();
        crc.update(record.array(), record.arrayOffset() + from, length);
        return (int) crc.getValue();
    }
}
