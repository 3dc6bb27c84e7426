package io.tenure.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Stands for a file that is missing: reads as an empty one. */
final class NoFile implements DiskFile {
    /** The file, or this if there is none. */
    static DiskFile orOpen(Disk disk, String path) throws IOException {
        return disk.exists(path) ? disk.openForReading(path) : new NoFile();
    }

    @Override
    public long size() {
        return 0;
    }

    @Override
    public int read(long position, ByteBuffer target) {
        return -1;
    }

    @Override
    public void write(long position, ByteBuffer source) throws IOException {
        throw new IOException("there is no file to write to");
    }

    @Override
    public void truncate(long size) {}

    @Override
    public void force() {}

    @Override
    public void close() {}
}
