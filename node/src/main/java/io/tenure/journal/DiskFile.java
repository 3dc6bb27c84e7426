package io.tenure.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of a {@link Disk}. Confined to one thread at a time. */
public interface DiskFile extends AutoCloseable {
    /** Size in bytes. */
    long size() throws IOException;

    /**
     * Reads from {@code position} on, at most what fits {@code target}.
     *
     * @return bytes read, -1 at the end of the file
     */
    int read(long position, ByteBuffer target) throws IOException;

    /**
     * Writes all that remains of {@code source} at {@code position}; not durable yet.
     *
     * @throws DiskFullException if there is no room for all of it; any part of it may have been written
     */
    void write(long position, ByteBuffer source) throws IOException;

    /** Cuts the file to {@code size} bytes; not durable yet. Does nothing if it is no longer than that. */
    void truncate(long size) throws IOException;

    /** Returns when bytes and size are durable. An error is final: what is on disk then is unknown. */
    void force() throws IOException;

    @Override
    void close() throws IOException;
}
