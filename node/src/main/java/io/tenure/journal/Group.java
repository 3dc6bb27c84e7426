package io.tenure.journal;

import io.tenure.entry.IndexRecord;
import io.tenure.entry.LineFormat;
import io.tenure.raft.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Entries gathered for one write: their lines and their records, each in one direct buffer that is used again and again.
 */
final class Group {
    private static final int TEXT_BYTES_INITIAL = 1 << 20;
    private static final int TEXT_BYTES_MAX = 8 << 20;

    private final IndexRecord record = new IndexRecord();
    private ByteBuffer text = ByteBuffer.allocateDirect(TEXT_BYTES_INITIAL);
    private ByteBuffer records = ByteBuffer.allocateDirect(TEXT_BYTES_INITIAL / 16);
    private int count;
    private int checksum;

    int count() {
        return count;
    }

    /**
     * Adds an entry; false if the group is full and must be written first.
     *
     * @param end where the entries written before end
     * @param mark index up to which the text is forced
     */
    boolean add(Entry entry, Segment end, long mark) {
        if (!hasRoom(entry.length())) {
            return false;
        }
        int previous = count == 0 ? end.checksum() : checksum;
        long offset = end.endOffset() + text.position();
        record.set(offset, entry.length(), entry.session(), entry.number(), entry.keyHash(), mark);
        checksum = record.seal(previous, entry.bytes(), entry.offset());
        record.writeTo(records);
        text.put(entry.bytes(), entry.offset(), entry.length());
        count++;
        return true;
    }

    /**
     * Writes the group behind {@code end}, in one write per file, and empties it, unless that fails; nothing is forced. The index comes first:
     * should this process be killed in between, there are records without lines, which is nothing, and never lines
     * without their tags.
     *
     * @return where the entries end now
     */
    Segment write(Segment end, DiskFile textFile, DiskFile indexFile) throws IOException {
        long bytes = text.position();
        indexFile.write(end.count() * IndexRecord.LENGTH, records.duplicate().flip());
        textFile.write(end.textBytes(), text.duplicate().flip());
        Segment grown = end.grownBy(count, bytes, checksum);
        records.clear();
        text.clear();
        count = 0;
        return grown;
    }

    private boolean hasRoom(int length) {
        if (length > LineFormat.LINE_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a line of " + length + " bytes, " + LineFormat.LINE_BYTES_MAX + " allowed");
        }
        int needed = text.position() + length;
        if (needed > text.capacity()) {
            if (count > 0 && needed > TEXT_BYTES_MAX) {
                return false;
            }
            text = grow(text, needed);
        }
        if (records.remaining() < IndexRecord.LENGTH) {
            records = grow(records, records.capacity() + IndexRecord.LENGTH);
        }
        return true;
    }

    private static ByteBuffer grow(ByteBuffer buffer, int needed) {
        int capacity = Math.max(needed, buffer.capacity() * 2);
        return ByteBuffer.allocateDirect(capacity).put(buffer.flip());
    }
}
