package io.tenure.journal;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
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

    /** ENOSPC and EDQUOT on Linux and macOS, ERROR_DISK_FULL on Windows, where the system speaks English. */
    private static final List<String> FULL =
            List.of("No space left on device", "uota exceeded", "not enough space on the disk");

    /** Always full, on Linux: what is said of it is said of every full disk, in whatever language. */
    private static final Path ALWAYS_FULL = Path.of("/dev/full");

    /** A file system that has less left may have none for a file, as it keeps blocks and its own tables. */
    private static final long ROOM_BYTES_MIN = 64 << 10;

    /** Tells a full disk from other errors, for which the system has numbers and Java only words. */
    interface Room {
        /** What an error of the system says when there is no room, in the language of this process. */
        List<String> fullWords();

        /** Bytes that this process may still write to the disk that the file, which may be missing, is on. */
        long usableBytes(Path path) throws IOException;
    }

    private final Room room;

    /** Of this machine. */
    public FileDisk() {
        this(MachineRoom.INSTANCE);
    }

    /** With another view of what is left. */
    FileDisk(Room room) {
        this.room = room;
    }

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
            throw explained(Path.of(path), 0, e);
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

    /**
     * A full disk is told by the words that the system has for it, or by what is left: less than was to be written. Should another
     * error be taken for one, nothing is lost: the write is tried again, and counts only once it was forced.
     */
    private IOException explained(Path path, long lackingBytes, IOException error) {
        String message = String.valueOf(error.getMessage());
        boolean full = room.fullWords().stream().anyMatch(message::contains) || isShort(path, lackingBytes, error);
        return full ? new DiskFullException(path + ": " + message, error) : error;
    }

    private boolean isShort(Path path, long lackingBytes, IOException error) {
        if (error instanceof FileSystemException named && named.getReason() == null) {
            return false; // It has a kind of its own: missing, denied.
        }
        try {
            return room.usableBytes(path) < lackingBytes + ROOM_BYTES_MIN;
        } catch (IOException e) {
            error.addSuppressed(e);
            return false;
        }
    }

    /** What this process is told when there is no room. */
    static List<String> wordsOfMachine() {
        return MachineRoom.INSTANCE.fullWords();
    }

    /** What the system says. */
    private static final class MachineRoom implements Room {
        private static final MachineRoom INSTANCE = new MachineRoom();

        private final List<String> words;

        private MachineRoom() {
            List<String> all = new ArrayList<>(FULL);
            try (FileChannel full = FileChannel.open(ALWAYS_FULL, StandardOpenOption.WRITE)) {
                full.write(ByteBuffer.allocate(1));
            } catch (FileSystemException e) {
                // Another system, or one that hides it: what is left tells.
                words = FULL;
                return;
            } catch (IOException e) {
                all.add(String.valueOf(e.getMessage()));
            }
            words = List.copyOf(all);
        }

        @Override
        public List<String> fullWords() {
            return words;
        }

        @Override
        public long usableBytes(Path path) throws IOException {
            Path there = Files.exists(path) ? path : path.toAbsolutePath().getParent();
            return Files.getFileStore(there).getUsableSpace();
        }
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

    private final class OpenFile implements DiskFile {
        private final Path path;
        private final FileChannel channel;

        private OpenFile(Path path, FileChannel channel) {
            this.path = path;
            this.channel = channel;
        }

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
                throw explained(path, source.remaining(), e);
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
