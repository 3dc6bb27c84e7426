package io.tenure.net;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * Gets at the array behind a byte string that has just been read from the wire, so that it need not be copied once more.
 * Nobody else holds such a string, and nobody writes to its array.
 */
final class Bytes extends ByteOutput {
    private byte[] array;
    private int offset;
    private int length;

    private Bytes() {}

    /** The bytes of {@code string}: its own array where that is exactly as long, else a copy. */
    static byte[] of(ByteString string) {
        Bytes bytes = in(string);
        return bytes.length == bytes.array.length ? bytes.array : string.toByteArray();
    }

    /** The bytes of {@code string}, where they are. */
    static Bytes in(ByteString string) {
        Bytes taken = new Bytes();
        try {
            UnsafeByteOperations.unsafeWriteTo(string, taken);
        } catch (IOException e) {
            throw new UncheckedIOException("a byte string in memory can't fail", e);
        }
        if (taken.array == null || taken.length != string.size()) {
            taken.writeLazy(string.toByteArray(), 0, string.size());
        }
        return taken;
    }

    byte[] array() {
        return array;
    }

    /** Where they begin in {@link #array}. */
    int offset() {
        return offset;
    }

    /** Where they end in {@link #array}, exclusive. */
    int end() {
        return offset + length;
    }

    @Override
    public void writeLazy(byte[] value, int from, int count) {
        // Called once for a plain string, for each piece of a rope; a piece as long as the string is all of it.
        array = value;
        offset = from;
        length = count;
    }

    @Override
    public void write(byte value) {}

    @Override
    public void write(byte[] value, int offset, int length) {}

    @Override
    public void write(ByteBuffer value) {}

    @Override
    public void writeLazy(ByteBuffer value) {}
}
