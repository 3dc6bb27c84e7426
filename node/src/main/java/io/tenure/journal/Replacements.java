package io.tenure.journal;

import io.tenure.entry.LineParser;
import io.tenure.entry.MalformedLineException;
import io.tenure.raft.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * What takes the place of damaged entries until their pair is written anew. There may be as many as a log file had lines: what
 * is more than a few thousand goes to temporary files, which a crash may leave and the next start deletes. Confined to one thread.
 */
final class Replacements implements AutoCloseable {
    /** Position, length, checksum, session, number, mark, end, CRC32C of the line. */
    private static final int RECORD_BYTES = 52;

    private static final String LINES = "/repair-lines.tmp";
    private static final String RECORDS = "/repair-records.tmp";

    private final Disk disk;
    private final String folder;
    private final EntryRanges indexes = new EntryRanges();
    private final EntryRanges unproven = new EntryRanges();
    /** Slot by index, of the first entries of those that came one after the other. */
    private final TreeMap<Long, Long> slots = new TreeMap<>();

    private final CRC32C crc = new CRC32C();
    private final Part lines;
    private final Part records;
    private long count;
    private long lastIndex;
    private Replacement last;

    Replacements(Disk disk, String folder) {
        this(disk, folder, 1 << 20);
    }

    /** Keeps about so many bytes in memory. */
    Replacements(Disk disk, String folder, int bytes) {
        this.disk = disk;
        this.folder = folder;
        this.lines = new Part(folder + LINES, bytes);
        this.records = new Part(folder + RECORDS, bytes);
    }

    /** Which entries are replaced. */
    EntryRanges indexes() {
        return indexes;
    }

    /** Whether all of these are replaced, by what is proven. */
    boolean areProven(EntryRanges damaged) {
        return indexes.containsAll(damaged) && !unproven.intersects(damaged);
    }

    /** Adds the replacement of an entry that has none. */
    void put(long index, Replacement replacement) throws IOException {
        if (count == 0 || index != lastIndex + 1) {
            slots.put(index, count);
        }
        Entry entry = replacement.entry();
        ByteBuffer line = ByteBuffer.wrap(entry.bytes(), entry.offset(), entry.length());
        ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES)
                .putLong(lines.size())
                .putInt(entry.length())
                .putInt(replacement.checksum())
                .putLong(entry.session())
                .putLong(entry.number())
                .putLong(replacement.mark())
                .putLong(replacement.endOffset())
                .putInt(crcOf(line.duplicate()));
        lines.append(line);
        records.append(record.flip());
        indexes.add(index);
        if (!replacement.proven()) {
            unproven.add(index);
        }
        count++;
        lastIndex = index;
        last = replacement;
    }

    /** Null if there is none. */
    Replacement get(long index) throws IOException {
        if (!indexes.contains(index)) {
            return null;
        }
        if (index == lastIndex) {
            return last;
        }
        Map.Entry<Long, Long> run = slots.floorEntry(index);
        long slot = run.getValue() + index - run.getKey();
        ByteBuffer record = ByteBuffer.wrap(records.read(slot * RECORD_BYTES, RECORD_BYTES));
        long position = record.getLong();
        byte[] line = lines.read(position, record.getInt());
        int checksum = record.getInt();
        long session = record.getLong();
        long number = record.getLong();
        long mark = record.getLong();
        long endOffset = record.getLong();
        LineParser parser = new LineParser();
        try {
            if (record.getInt() != crcOf(ByteBuffer.wrap(line))) {
                throw new IOException(folder + LINES + ": entry " + index + " is not what was written");
            }
            parser.parse(line, 0, line.length);
        } catch (MalformedLineException e) {
            throw new IOException(folder + LINES + ": entry " + index + ": " + e.getMessage(), e);
        }
        return new Replacement(parser.entry(session, number), mark, checksum, endOffset, !unproven.contains(index));
    }

    void clear() throws IOException {
        indexes.clear();
        unproven.clear();
        slots.clear();
        count = 0;
        lastIndex = 0;
        last = null;
        close();
    }

    /** Deletes the files. */
    @Override
    public void close() throws IOException {
        try {
            lines.drop();
        } finally {
            records.drop();
        }
    }

    private int crcOf(ByteBuffer line) {
        crc.reset();
        crc.update(line);
        return (int) crc.getValue();
    }

    /** Bytes that are appended: the last of them in memory, those before in a file. */
    private final class Part {
        private final String path;
        private ByteBuffer buffer;
        private DiskFile file;
        private long inFile;

        Part(String path, int bytes) {
            this.path = path;
            this.buffer = ByteBuffer.allocate(bytes);
        }

        long size() {
            return inFile + buffer.position();
        }

        void append(ByteBuffer bytes) throws IOException {
            if (bytes.remaining() > buffer.remaining()) {
                flush();
            }
            if (bytes.remaining() > buffer.capacity()) {
                buffer = ByteBuffer.allocate(bytes.remaining());
            }
            buffer.put(bytes);
        }

        /** Reads what was one append. */
        byte[] read(long position, int length) throws IOException {
            byte[] bytes = new byte[length];
            if (position >= inFile) {
                buffer.get((int) (position - inFile), bytes);
            } else {
                LineReader.readFully(file, position, ByteBuffer.wrap(bytes));
            }
            return bytes;
        }

        void drop() throws IOException {
            buffer.clear();
            inFile = 0;
            if (file != null) {
                file.close();
                file = null;
                disk.delete(path);
            }
        }

        private void flush() throws IOException {
            if (file == null) {
                if (disk.exists(path)) {
                    disk.delete(path);
                }
                file = disk.open(path);
            }
            int bytes = buffer.position();
            // A full disk leaves the buffer as it is, for another attempt.
            file.write(inFile, buffer.duplicate().flip());
            inFile += bytes;
            buffer.clear();
        }
    }
}
