package io.tenure.raft;

import java.util.Arrays;

/**
 * A piece of a snapshot's file, byte for byte. Immutable by agreement: nobody changes the bytes.
 */
public final class SnapshotChunk {
    private final EntryId last;
    private final long totalBytes;
    private final long offset;
    private final byte[] bytes;

    /**
     * Makes a chunk.
     *
     * @param last position of the last entry that the snapshot includes: its name
     * @param totalBytes size of the whole file
     * @param offset where in the file the piece begins
     * @param bytes the piece; not copied
     */
    public SnapshotChunk(EntryId last, long totalBytes, long offset, byte[] bytes) {
        this.last = last;
        this.totalBytes = totalBytes;
        this.offset = offset;
        this.bytes = bytes;
    }

    /** Position of the last entry that the snapshot includes. */
    public EntryId last() {
        return last;
    }

    /** Size of the whole file. */
    public long totalBytes() {
        return totalBytes;
    }

    /** Where in the file the piece begins. */
    public long offset() {
        return offset;
    }

    /** The piece. */
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SnapshotChunk chunk
                && chunk.last.equals(last)
                && chunk.totalBytes == totalBytes
                && chunk.offset == offset
                && Arrays.equals(chunk.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return last.hashCode() * 31 + Long.hashCode(offset);
    }

    @Override
    public String toString() {
        return "SnapshotChunk[last=" + last + ", " + offset + "+" + bytes.length + " of " + totalBytes + ']';
    }
}
