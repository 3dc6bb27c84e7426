package io.tenure.journal;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The machine's file system. Any thread. */
public final class FileDisk implements Disk {
    private static final String LOCK_FILE = "lock";
    private static final int PID_BYTES_MAX = 32;

    /** ENOSPC and EDQUOT on Linux and macOS, ERROR_DISK_FULL on Windows. */
    private static final List<String> FULL =
            List.of("No space left on device", "uota exceeded", "not enough space on the disk");

    @Override
    public void createFolder(String path) throws IOException {
        try {
            Files.createDirectory(Path.of(path));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(Path.of(path))) {
                throw e;
            }
        }
    }

    @Override
    public boolean exists(String path) {
        return Files.exists(Path.of(path));
    }

    @Override
    public List<String> list(String folder) throws IOException {
        List<String> names = new ArrayList<>();
        try (var paths = Files.newDirectoryStream(Path.of(folder))) {
            paths.forEach(path -> names.add(String.valueOf(path.getFileName())));
        }
        Collections.sort(names);
        return names;
    }

    @Override
    public DiskFile open(String path) throws IOException {
        try {
            return new OpenFile(
                    Path.of(path),
                    FileChannel.open(
                            Path.of(path),
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.CREATE));
        } catch (IOException e) {
            throw explained(Path.of(path), e);
        }
    }

    @Override
    public DiskFile openForReading(String path) throws IOException {
        return new OpenFile(Path.of(path), FileChannel.open(Path.of(path), StandardOpenOption.READ));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(Path.of(from), Path.of(to), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(String path) throws IOException {
        Files.delete(Path.of(path));
    }

    @Override
    public void forceFolder(String path) throws IOException {
        try (FileChannel folder = FileChannel.open(Path.of(path), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    @Override
    public long usableBytes(String folder) throws IOException {
        // This asks the system at once; the way by FileStore reads the table of mounts first, but it can tell of
        // errors.
        long usable = new File(folder).getUsableSpace();
        return usable > 0 ? usable : Files.getFileStore(Path.of(folder)).getUsableSpace();
    }

    /** Tells a full disk from other errors; the system has an error number for it, Java only the words. */
    private static IOException explained(Path path, IOException error) {
        String message = String.valueOf(error.getMessage());
        boolean full = FULL.stream().anyMatch(message::contains);
        return full ? new DiskFullException(path + ": " + message, error) : error;
    }

    @Override
    public FolderLock lock(String folder) throws IOException {
        FileChannel channel = FileChannel.open(
                Path.of(folder, LOCK_FILE),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE);
        boolean held = false;
        try {
            FileLock lock = tryLock(channel);
            if (lock == null) {
                throw new IOException(folder + " is in use by " + holder(channel) + ": only one node can use a folder");
            }
            channel.truncate(0);
            channel.write(
                    StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"), 0);
            held = true;
            return channel::close;
        } finally {
            if (!held) {
                channel.close();
            }
        }
    }

    /** Null if another process, or another node in this one, holds it. */
    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(PID_BYTES_MAX);
        channel.read(bytes, 0);
        String pid = StandardCharsets.US_ASCII.decode(bytes.flip()).toString().strip();
        return pid.isEmpty() ? "another process" : "process " + pid;
    }

    private record OpenFile(Path path, FileChannel channel) implements DiskFile {
        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public int read(long position, ByteBuffer target) throws IOException {
            return channel.read(target, position);
        }

        @Override
        public void write(long position, ByteBuffer source) throws IOException {
            long at = position;
            try {
                while (source.hasRemaining()) {
                    at += channel.write(source, at);
                }
            } catch (IOException e) {
                throw explained(path, e);
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
        }

        @Override
        public void force() throws IOException {
            // Bytes and size; the time of the last change may be lost.
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
