package io.tenure.journal;

import io.tenure.entry.IndexRecord;
import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What recovery does about the end of the current pair: cuts what is torn, and writes again what is not known to be on
 * disk. Reading a line back does not prove that the disk has it, as a failed force leaves pages that look clean.
 */
final class TailRepair {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int RECORDS_PER_WRITE = 1024;

    private final Disk disk;
    private final LogFolder folder;

    TailRepair(Disk disk, LogFolder folder) {
        this.disk = disk;
        this.folder = folder;
    }

    /** Cuts and rewrites the text. */
    static void repairText(SegmentScan.Result result, DiskFile text) throws IOException {
        long end = result.good().textBytes();
        text.truncate(end);
        rewrite(text, result.provenBytes(), end);
        text.force();
    }

    /**
     * Cuts and rewrites the index. The mark is about the text only; of the index, what the noted commit covers is known
     * to be forced.
     */
    static void repairIndex(Segment active, long notedCommit, DiskFile index) throws IOException {
        long end = active.count() * IndexRecord.LENGTH;
        long forcedCount = Math.max(0, notedCommit - active.firstIndex() + 1);
        index.truncate(end);
        rewrite(index, Math.min(end, forcedCount * IndexRecord.LENGTH), end);
        index.force();
    }

    private static void rewrite(DiskFile file, long from, long end) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, end - from));
        for (long at = from; at < end; at += chunk.limit()) {
            chunk.clear().limit((int) Math.min(chunk.capacity(), end - at));
            LineReader.readFully(file, at, chunk);
            file.write(at, chunk.flip());
        }
    }

    /** Makes an index in which every entry has a record, with the tags that are left; returns the last checksum. */
    int rebuildIndex(Segment start, Segment active, DiskFile text) throws IOException {
        try (DiskFile old = disk.open(folder.index());
                DiskFile target = folder.newIndex()) {
            Rebuilding rebuilding = new Rebuilding(start, target);
            // The torn end is cut, so this pass comes by what the first one accepted; nothing is left to be judged.
            new SegmentScan(start, text, old).readCurrent(active.lastIndex(), 0, EntryId.NONE.term(), rebuilding);
            rebuilding.flush();
            target.force();
            folder.replaceIndex();
            return rebuilding.checksum;
        }
    }

    /** Writes a record per entry. All text is forced by now, so every record may say so of its own line. */
    private static final class Rebuilding implements SegmentScan.Findings {
        private final IndexRecord record = new IndexRecord();
        private final ByteBuffer buffer = ByteBuffer.allocate(RECORDS_PER_WRITE * IndexRecord.LENGTH);
        private final DiskFile target;
        private final long firstIndex;
        private long offset;
        private long written;
        private int checksum;

        Rebuilding(Segment start, DiskFile target) {
            this.target = target;
            this.firstIndex = start.firstIndex();
            this.offset = start.baseOffset();
            this.checksum = start.baseChecksum();
        }

        @Override
        public void entry(long index, Entry entry, boolean recordLost) throws IOException {
            if (!buffer.hasRemaining()) {
                flush();
            }
            // The first mark of a pair stands for the entry before the pair, whoever wrote it.
            long mark = index == firstIndex ? index - 1 : index;
            record.set(offset, entry.length(), entry.session(), entry.number(), entry.keyHash(), mark);
            checksum = record.seal(checksum, entry.bytes(), entry.offset());
            record.writeTo(buffer);
            offset += entry.length();
        }

        @Override
        public void damage(long line, long index, String problem) {
            throw new IllegalStateException("line " + line + " was good a moment ago, now: " + problem);
        }

        void flush() throws IOException {
            target.write(written, buffer.flip());
            written += buffer.limit();
            buffer.clear();
        }
    }
}
