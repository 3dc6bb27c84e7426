package io.tenure.journal;

import io.tenure.entry.KeyValue;
import io.tenure.entry.LineFormat;
import io.tenure.handoff.SessionRecord;
import io.tenure.handoff.SnapshotHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Writes {@code snapshot.tmp}, which {@link Journal#adoptSnapshot} makes the snapshot once it is finished: the sessions, the
 * least recently used first, then the values in the order of keys. Used on one thread, any, while the journal goes on with
 * its own work; the two share no state and no file.
 *
 * <p>Bytes are written in pieces of {@value #PIECE_BYTES} and forced every {@value #FORCE_BYTES}, so that no force of the
 * log has to wait for a large one. A value whose characters are plain leaves no garbage.
 *
 * <p>An error of the disk is final for this file only: close it and, later, begin a new one.
 */
public final class SnapshotWriter implements AutoCloseable {
    static final String FIRST_LINE = "tenure-snapshot 1";
    static final String LAST = "last ";
    static final String LEASE = "leasePromisedMillisMax ";
    static final String EVICTED = "evictedUpTo ";
    static final String TAGS_LOST = "tagsLostUpTo ";
    static final String SESSION = "session ";
    static final String SET = "SET ";
    static final String PART = "part ";
    static final String END = "end ";

    private static final int PART_BYTES = 64 << 10;
    private static final int PIECE_BYTES = 1 << 20;
    private static final int FORCE_BYTES = 4 << 20;

    private final Disk disk;
    private final String path;
    private final DiskFile file;
    private final CRC32C partCrc = new CRC32C();
    private final CRC32C wholeCrc = new CRC32C();

    private byte[] buffer = new byte[PIECE_BYTES + PART_BYTES];
    private int size;
    private int partStart;
    private int wholeStart;
    private long written;
    private long forced;
    private long values;
    private byte[] lastValue;

    /**
     * Begins a snapshot; drops one that was begun before.
     *
     * @param folder the node's own
     * @throws IOException if the disk did not let us
     */
    public SnapshotWriter(Disk disk, String folder, SnapshotHeader header) throws IOException {
        this.disk = disk;
        this.path = folder + '/' + SnapshotFiles.TEMPORARY;
        if (disk.exists(path)) {
            disk.delete(path);
        }
        file = disk.open(path);
        ascii(FIRST_LINE).line();
        ascii(LAST)
                .number(header.last().index())
                .ascii(" ")
                .number(header.last().term())
                .line();
        ascii(LEASE).number(header.leasePromisedMillisMax()).line();
        ascii(EVICTED).number(header.evictedUpTo()).line();
        ascii(TAGS_LOST).number(header.tagsLostUpTo()).line();
    }

    /** Adds a session; all of them come before the first value. */
    public void session(SessionRecord session) throws IOException {
        if (lastValue != null) {
            throw new IllegalStateException("a session after a value");
        }
        ascii(SESSION).number(session.id());
        ascii(" ").number(session.forgottenUpTo());
        ascii(" ").number(session.highest());
        ascii(" ").number(session.lastIndex());
        for (long index : session.indexes()) {
            ascii(" ").number(index);
        }
        line();
        endPiece();
    }

    /**
     * Adds a value.
     *
     * @param keyValue a {@link KeyValue}, its key larger than the one before, as {@link KeyValue#compareKeys} has it
     */
    public void value(byte[] keyValue) throws IOException {
        if (lastValue != null && KeyValue.compareKeys(lastValue, keyValue) >= 0) {
            throw new IllegalArgumentException(
                    "keys must ascend; this one does not: " + LineFormat.escape(KeyValue.key(keyValue)));
        }
        lastValue = keyValue;
        int valueStart = KeyValue.valueStart(keyValue);
        ascii(SET).field(keyValue, KeyValue.keyStart(), valueStart);
        ascii(" ").field(keyValue, valueStart, keyValue.length).line();
        values++;
        endPiece();
    }

    /** Writes the end, forces, closes. The name in the folder is forced when the snapshot is adopted. */
    public void finish() throws IOException {
        if (size > partStart) {
            endPart();
        }
        wholeCrc.update(buffer, wholeStart, size - wholeStart);
        wholeStart = size;
        ascii(END).number(values).ascii(" ").hex(wholeCrc).line();
        write(size);
        file.force();
        file.close();
    }

    /** Bytes written so far, those in memory included. */
    public long bytes() {
        return written + size;
    }

    /** Closes the file; if it was not finished, nobody will ever use it. */
    @Override
    public void close() throws IOException {
        file.close();
    }

    /** Closes and deletes the file, to give back the room that it takes. */
    public void abandon() throws IOException {
        file.close();
        disk.delete(path);
    }

    private void endPiece() throws IOException {
        if (size - partStart >= PART_BYTES) {
            endPart();
            if (size >= PIECE_BYTES) {
                wholeCrc.update(buffer, wholeStart, size - wholeStart);
                write(size);
                wholeStart = 0;
                partStart = 0;
            }
        }
    }

    private void endPart() {
        partCrc.reset();
        partCrc.update(buffer, partStart, size - partStart);
        ascii(PART).hex(partCrc).line();
        partStart = size;
    }

    private void write(int bytes) throws IOException {
        for (int at = 0; at < bytes; at += PIECE_BYTES) {
            int length = Math.min(PIECE_BYTES, bytes - at);
            file.write(written, ByteBuffer.wrap(buffer, at, length));
            written += length;
            if (written - forced >= FORCE_BYTES) {
                file.force();
                forced = written;
            }
        }
        size = 0;
    }

    private SnapshotWriter ascii(String text) {
        reserve(text.length());
        for (int i = 0; i < text.length(); i++) {
            buffer[size++] = (byte) text.charAt(i);
        }
        return this;
    }

    private SnapshotWriter number(long number) {
        return ascii(Long.toString(number));
    }

    private SnapshotWriter hex(CRC32C crc) {
        return ascii(String.format("%08x", crc.getValue()));
    }

    private void line() {
        reserve(1);
        buffer[size++] = '\n';
    }

    private SnapshotWriter field(byte[] bytes, int from, int to) {
        if (from < to && LineFormat.endOfPlain(bytes, from, to) == to) {
            add(bytes, from, to);
        } else {
            byte[] escaped = LineFormat.escape(new String(bytes, from, to - from, StandardCharsets.UTF_8))
                    .getBytes(StandardCharsets.UTF_8);
            add(escaped, 0, escaped.length);
        }
        return this;
    }

    private void add(byte[] bytes, int from, int to) {
        reserve(to - from);
        System.arraycopy(bytes, from, buffer, size, to - from);
        size += to - from;
    }

    private void reserve(int bytes) {
        if (bytes > buffer.length - size) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + bytes));
        }
    }
}
