package io.tenure.bench.jmh;

import io.tenure.journal.Disk;
import io.tenure.journal.DiskFile;
import io.tenure.journal.FileDisk;
import io.tenure.journal.FolderLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** The machine's disk; counts how often a file was forced. Confined to one thread. */
final class CountingDisk implements Disk {
    private final Disk disk = new FileDisk();
    private long forces;

    /** Forces of files so far. */
    long forces() {
        return forces;
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
        return new CountingFile(disk.open(path));
    }

    @Override
    public DiskFile openForReading(String path) throws IOException {
        return disk.openForReading(path);
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
        return disk.usableBytes(folder);
    }

    @Override
    public FolderLock lock(String folder) throws IOException {
        return disk.lock(folder);
    }

    /** A file whose forces count. */
    private final class CountingFile implements DiskFile {
        private final DiskFile file;

        CountingFile(DiskFile file) {
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
            file.write(position, source);
        }

        @Override
        public void truncate(long size) throws IOException {
            file.truncate(size);
        }

        @Override
        public void force() throws IOException {
            forces++;
            file.force();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
