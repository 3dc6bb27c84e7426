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
    private byte[] whole;

    private Bytes() {}

    /** The bytes of {@code string}: its own array where that is exactly as long, else a copy. */
    static byte[] of(ByteString string) {
        Bytes taken = new Bytes();
        try {
            UnsafeByteOperations.unsafeWriteTo(string, taken);
        } catch (IOException e) {
            throw new UncheckedIOException("a byte string in memory can't fail", e);
        }
        byte[] array = taken.whole;
        return array != null && array.length == string.size() ? array : string.toByteArray();
    }

    @Override
    public void writeLazy(byte[] value, int offset, int length) {
        // Called once for a plain string, for each piece of a rope; a piece as long as the string is all of it.
        if (offset == 0 && length == value.length) {
            whole = value;
        }
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
