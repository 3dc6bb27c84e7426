package io.tenure.entry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * What {@code logs.idx} says of one entry, in {@value #LENGTH} bytes, little-endian (DESIGN.md, D4):
 *
 * <pre>
 *  0  offset    8  of the line's first byte, counted through all segments
 *  8  length    4  of the line, line feed included
 * 12  checksum  4  CRC32C over the previous record's checksum, the other fields of this one and the line
 * 16  session   8  client session, 0 if none
 * 24  number    8  request number in the session
 * 32  keyHash   8  {@link KeyHash} of the key, 0 for a NO-OP
 * 40  mark      8  index up to which logs.txt was known forced when this was written, below the entry's own or equal
 * </pre>
 *
 * <p>A reusable view; confined to one thread.
 */
public final class IndexRecord {
    /** Bytes a record takes. */
    public static final int LENGTH = 48;

    private static final int OFFSET = 0;
    private static final int LINE_LENGTH = 8;
    private static final int CHECKSUM = 12;
    private static final int SESSION = 16;
    private static final int NUMBER = 24;
    private static final int KEY_HASH = 32;
    private static final int MARK = 40;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes = new byte[LENGTH];
    private final CRC32C crc = new CRC32C();

    /** Sets every field but the checksum, which {@link #seal} sets. */
    public void set(long offset, int length, long session, long number, long keyHash, long mark) {
        LONGS.set(bytes, OFFSET, offset);
        INTS.set(bytes, LINE_LENGTH, length);
        LONGS.set(bytes, SESSION, session);
        LONGS.set(bytes, NUMBER, number);
        LONGS.set(bytes, KEY_HASH, keyHash);
        LONGS.set(bytes, MARK, mark);
    }

    /** Sets the checksum for a line of {@link #length} bytes and returns it. */
    public int seal(int previousChecksum, byte[] line, int lineOffset) {
        int checksum = checksumAfter(previousChecksum, line, lineOffset);
        INTS.set(bytes, CHECKSUM, checksum);
        return checksum;
    }

    /** Whether the checksum is right for this predecessor and this line of {@link #length} bytes. */
    public boolean isSealed(int previousChecksum, byte[] line, int lineOffset) {
        int stored = checksum();
        boolean sealed = stored == checksumAfter(previousChecksum, line, lineOffset);
        INTS.set(bytes, CHECKSUM, stored);
        return sealed;
    }

    /**
     * Whether a record that is not {@link #isSealed sealed} is so because a part of it never reached the disk, not because
     * the line was damaged. A lost sector reads as zeros; as sectors are multiples of 16 bytes, a boundary falls
     * behind byte 16 or 32 of a record: either {@link #length} is lost, which is never 0, or hash and mark are.
     *
     * @param isWrite whether the line is a write, whose hash is never 0
     * @param index the entry's index, which no mark exceeds
     */
    public boolean isTorn(
            int previousChecksum, long previousMark, byte[] line, int lineOffset, boolean isWrite, long index) {
        if (length() == 0) {
            return true;
        }
        if (keyHash() != KeyHash.NONE || mark() != 0) {
            return false;
        }
        return isWrite || previousMark > 0 || isSealedBySomeMark(previousChecksum, line, lineOffset, index);
    }

    /** A NO-OP in a young log: a mark of 0 may be what was written. */
    private boolean isSealedBySomeMark(int previousChecksum, byte[] line, int lineOffset, long index) {
        boolean sealed = false;
        for (long mark = 1; mark <= index && !sealed; mark++) {
            LONGS.set(bytes, MARK, mark);
            sealed = isSealed(previousChecksum, line, lineOffset);
        }
        LONGS.set(bytes, MARK, 0L);
        return sealed;
    }

    /** Reads the record at {@code position} of {@code source}; moves nothing. */
    public void readFrom(ByteBuffer source, int position) {
        source.get(position, bytes);
    }

    /** Puts the record at the position of {@code target}, which moves. */
    public void writeTo(ByteBuffer target) {
        target.put(bytes);
    }

    /** Whether {@code other} is the same, byte for byte. */
    public boolean hasSameBytesAs(IndexRecord other) {
        return Arrays.equals(bytes, other.bytes);
    }

    public long offset() {
        return (long) LONGS.get(bytes, OFFSET);
    }

    /** Length of the line in bytes, line feed included. */
    public int length() {
        return (int) INTS.get(bytes, LINE_LENGTH);
    }

    public int checksum() {
        return (int) INTS.get(bytes, CHECKSUM);
    }

    public long session() {
        return (long) LONGS.get(bytes, SESSION);
    }

    public long number() {
        return (long) LONGS.get(bytes, NUMBER);
    }

    public long keyHash() {
        return (long) LONGS.get(bytes, KEY_HASH);
    }

    public long mark() {
        return (long) LONGS.get(bytes, MARK);
    }

    /** Leaves the previous checksum in the checksum's place. */
    private int checksumAfter(int previousChecksum, byte[] line, int lineOffset) {
        INTS.set(bytes, CHECKSUM, previousChecksum);
        crc.reset();
        crc.update(bytes, 0, LENGTH);
        crc.update(line, lineOffset, length());
        return (int) crc.getValue();
    }
}
