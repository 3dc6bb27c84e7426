package io.tenure.node;

import io.tenure.journal.Disk;
import io.tenure.journal.DiskFile;
import io.tenure.journal.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code dump.txt} and the older files beside it: {@code dump.1.txt} is the newest of those. Never forced: it is told to
 * people, nothing is recovered from it. After an error the same bytes can be appended again, and stand there once.
 */
final class DumpFile implements AutoCloseable {
    private static final String NAME = "dump.txt";
    private static final Pattern OLDER_NAME = Pattern.compile("dump\\.([1-9][0-9]{0,8})\\.txt");
    private static final long UNKNOWN = -1;

    private final Disk disk;
    private final String folder;
    private final long fileBytesMax;
    private final int filesKept;
    private final long reserveBytes;
    private DiskFile file;
    private long size = UNKNOWN;

    /**
     * Makes it.
     *
     * @param reserveBytes room on the disk that is left to what the node depends on
     */
    DumpFile(Disk disk, String folder, long fileBytesMax, int filesKept, long reserveBytes) {
        this.reserveBytes = reserveBytes;
        this.disk = disk;
        this.folder = folder;
        this.fileBytesMax = fileBytesMax;
        this.filesKept = filesKept;
    }

    /** Appends whole lines, to a new file if this one is full. On an error nothing counts as appended. */
    void append(ByteBuffer lines) throws IOException {
        try {
            long usableBytes = disk.usableBytes(folder);
            if (usableBytes < reserveBytes) {
                throw new DiskFullException(
                        "the disk is full, " + usableBytes + " bytes left and " + reserveBytes + " reserved");
            }
            if (file == null) {
                open();
            }
            if (size > 0 && size + lines.remaining() > fileBytesMax) {
                rotate();
            }
            long length = lines.remaining();
            file.write(size, lines.duplicate());
            size += length;
        } catch (IOException e) {
            closeAfter(e);
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            DiskFile open = file;
            file = null;
            open.close();
        }
    }

    private void open() throws IOException {
        file = disk.open(path(NAME));
        long found = file.size();
        if (size == UNKNOWN) {
            size = found + endLine(found);
        } else if (found > size) {
            file.truncate(size); // what an append left that failed
        } else {
            size = found;
        }
    }

    /** A crash may have left half a line; the next statement must not continue it. Returns the bytes added. */
    private int endLine(long end) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        if (end == 0 || file.read(end - 1, last) != 1 || last.get(0) == '\n') {
            return 0;
        }
        file.write(end, ByteBuffer.wrap(new byte[] {'\n'}));
        return 1;
    }

    private void rotate() throws IOException {
        close();
        for (String name : disk.list(folder)) {
            Matcher older = OLDER_NAME.matcher(name);
            if (older.matches() && Integer.parseInt(older.group(1)) > filesKept) {
                disk.delete(path(name));
            }
        }
        for (int number = filesKept - 1; number >= 1; number--) {
            if (disk.exists(path("dump." + number + ".txt"))) {
                disk.rename(path("dump." + number + ".txt"), path("dump." + (number + 1) + ".txt"));
            }
        }
        if (filesKept > 0) {
            disk.rename(path(NAME), path("dump.1.txt"));
        } else {
            disk.delete(path(NAME));
        }
        size = UNKNOWN;
        open();
    }

    private void closeAfter(IOException failure) {
        try {
            close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private String path(String name) {
        return folder + "/" + name;
    }
}
