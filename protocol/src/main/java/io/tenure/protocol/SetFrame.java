package io.tenure.protocol;

import io.netty.buffer.ByteBuf;

/**
 * A write as it comes out of its frame: what {@code ClientRequest} with a {@code SetRequest} says, read without the runtime of
 * protobuf, in one object and one array. Only for plain ones: all others are read as messages, and judged there.
 */
public final class SetFrame {
    private static final int ID = 1 << 3;
    private static final int SET = 2 << 3 | 2;
    private static final int SESSION = 1 << 3 | 1;
    private static final int BIRTH_INDEX = 2 << 3;
    private static final int NUMBER = 3 << 3;
    private static final int KEY = 4 << 3 | 2;
    private static final int VALUE = 5 << 3 | 2;

    private long id;
    private long session;
    private long birthIndex;
    private long number;
    private byte[] bytes;
    private int keyLength;

    private SetFrame() {}

    /** Whether a frame of {@code length} bytes at {@code index} begins as writes do; all others are told at a glance. */
    static boolean begins(ByteBuf buffer, int index, int length) {
        int at = index;
        int end = index + length;
        if (at < end && buffer.getByte(at) == ID) {
            at++;
            while (at < end && buffer.getByte(at) < 0) {
                at++;
            }
            at++;
        }
        return at < end && buffer.getByte(at) == SET;
    }

    /**
     * Reads a frame if it is a plain write: every field at most once, in order, nothing else, and key and value in ASCII.
     *
     * @return null if it is anything else
     */
    static SetFrame read(byte[] frame, int length) {
        Cursor cursor = new Cursor(frame, length);
        SetFrame set = new SetFrame();
        set.id = cursor.varint(ID);
        // A length that is not there counts as 0, and as a failure.
        if (cursor.next(SET) && cursor.length() == cursor.left()) {
            set.session = cursor.fixed64(SESSION);
            set.birthIndex = cursor.varint(BIRTH_INDEX);
            set.number = cursor.varint(NUMBER);
            return set.readKeyAndValue(cursor) ? set : null;
        }
        return null;
    }

    private boolean readKeyAndValue(Cursor cursor) {
        keyLength = cursor.next(KEY) ? cursor.length() : 0;
        int keyAt = cursor.skip(keyLength);
        int valueLength = cursor.next(VALUE) ? cursor.length() : 0;
        int valueAt = cursor.skip(valueLength);
        if (cursor.failed || cursor.left() > 0) {
            return false;
        }
        bytes = new byte[keyLength + valueLength];
        System.arraycopy(cursor.bytes, keyAt, bytes, 0, keyLength);
        System.arraycopy(cursor.bytes, valueAt, bytes, keyLength, valueLength);
        int all = 0;
        for (byte each : bytes) {
            all |= each;
        }
        return all >= 0;
    }

    /** As in {@code ClientRequest}. */
    public long id() {
        return id;
    }

    /** As in {@code SetRequest}. */
    public long session() {
        return session;
    }

    /** As in {@code SetRequest}. */
    public long birthIndex() {
        return birthIndex;
    }

    /** As in {@code SetRequest}. */
    public long number() {
        return number;
    }

    /** The key, then the value. */
    public byte[] bytes() {
        return bytes;
    }

    /** Bytes of the key. */
    public int keyLength() {
        return keyLength;
    }

    /** Bytes of the value. */
    public int valueLength() {
        return bytes.length - keyLength;
    }

    /** Reads fields one after the other. A frame that is cut short or malformed fails, and reads on as zeros. */
    private static final class Cursor {
        private final byte[] bytes;
        private final int end;
        private int at;
        private boolean failed;

        Cursor(byte[] bytes, int end) {
            this.bytes = bytes;
            this.end = end;
        }

        int left() {
            return end - at;
        }

        /** Whether a field with this tag comes now; then it is past the tag. */
        boolean next(int tag) {
            boolean comes = at < end && bytes[at] == tag;
            at += comes ? 1 : 0;
            return comes;
        }

        /** Of a field that may be absent: 0 then. */
        long varint(int tag) {
            return next(tag) ? varint() : 0;
        }

        /** Of a field that may be absent: 0 then. */
        long fixed64(int tag) {
            if (!next(tag)) {
                return 0;
            }
            int from = skip(Long.BYTES);
            long value = 0;
            for (int i = Long.BYTES - 1; i >= 0 && !failed; i--) {
                value = (value << 8) | (bytes[from + i] & 0xff);
            }
            return value;
        }

        /** Of a field with a length, which must be there in whole. */
        int length() {
            long length = varint();
            failed |= length < 0 || length > left();
            return failed ? 0 : (int) length;
        }

        /** Goes past so many bytes; where they begin. */
        int skip(int count) {
            int from = at;
            failed |= count > left();
            at += failed ? 0 : count;
            return from;
        }

        private long varint() {
            long value = 0;
            for (int shift = 0; shift < Long.SIZE && at < end; shift += 7) {
                byte each = bytes[at++];
                value |= (long) (each & 0x7f) << shift;
                if (each >= 0) {
                    return value;
                }
            }
            failed = true;
            return 0;
        }
    }
}
