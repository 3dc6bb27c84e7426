package io.tenure.node;

import io.tenure.journal.Disk;
import io.tenure.journal.DiskFile;
import io.tenure.journal.DiskFullException;
import io.tenure.journal.FolderLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** A disk that is full after so many bytes: it writes what fits and refuses the rest. */
final class RefusingDisk implements Disk {
    private final Disk disk;
    private long bytesLeft = Long.MAX_VALUE;

    RefusingDisk(Disk disk) {
        this.disk = disk;
    }

    void refuseAfterBytes(long bytes) {
        bytesLeft = bytes;
    }

    @Override
    public void createFolder(String path) throws IOException {
        disk.createFolder(path);
    }

    @Override
    public boolean exists(String path) throws IOException {
        return disk.exists(path);
    }

    @Override
    public List<String> list(String folder) throws IOException {
        return disk.list(folder);
    }

    @Override
    public DiskFile open(String path) throws IOException {
        return new RefusingFile(disk.open(path));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void delete(String path) throws IOException {
        disk.delete(path);
    }

    @Override
    public void forceFolder(String path) throws IOException {
        disk.forceFolder(path);
    }

    @Override
    public long usableBytes(String folder) throws IOException {
        return Math.min(bytesLeft, disk.usableBytes(folder));
    }

    @Override
    public FolderLock lock(String folder) throws IOException {
        return disk.lock(folder);
    }

    private final class RefusingFile implements DiskFile {
        private final DiskFile file;

        RefusingFile(DiskFile file) {
            this.file = file;
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public int read(long position, ByteBuffer target) throws IOException {
            return file.read(position, target);
        }

        @Override
        public void write(long position, ByteBuffer source) throws IOException {
            int length = source.remaining();
            if (length > bytesLeft) {
                source.limit(source.position() + (int) bytesLeft);
                file.write(position, source);
                throw new DiskFullException("no space left");
            }
            file.write(position, source);
            bytesLeft -= length;
        }

        @Override
        public void truncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        public void force() throws IOException {
            file.force();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
