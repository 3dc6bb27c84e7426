package io.tenure.journal;

import io.tenure.entry.IndexRecord;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads records of an index file by slot, quickly if the slots go up. */
final class RecordReader {
    private static final int SLOTS_PER_READ = 1024;

    private final DiskFile file;
    private final long slots;
    private final ByteBuffer window =
            ByteBuffer.allocate(SLOTS_PER_READ * IndexRecord.LENGTH).limit(0);
    private long windowSlot;

    RecordReader(DiskFile file) throws IOException {
        this.file = file;
        this.slots = file.size() / IndexRecord.LENGTH;
    }

    /** Number of whole slots. */
    long slots() {
        return slots;
    }

    /** Reads the record in {@code slot}; false if the file ends before. */
    boolean read(long slot, IndexRecord record) throws IOException {
        if (slot >= slots) {
            return false;
        }
        if (slot < windowSlot || slot >= windowSlot + window.limit() / IndexRecord.LENGTH) {
            window.clear().limit((int) Math.min(SLOTS_PER_READ, slots - slot) * IndexRecord.LENGTH);
            LineReader.readFully(file, slot * IndexRecord.LENGTH, window);
            windowSlot = slot;
        }
        record.readFrom(window, (int) (slot - windowSlot) * IndexRecord.LENGTH);
        return true;
    }
}
