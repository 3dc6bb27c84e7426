package io.tenure.journal;

import io.tenure.entry.IndexRecord;
import io.tenure.raft.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes a pair of log files anew, with replacements in the place of damaged entries and a chain of checksums without a
 * gap. Both files then wait, forced, for {@link LogFolder#commitRewrite}: pairs that follow may have to go on from another
 * checksum, so that none may be there without the others.
 */
final class PairRewrite implements SegmentScan.Findings {
    private static final int TEXT_BYTES = 1 << 20;

    private final Disk disk;
    private final LogFolder folder;
    private final PairScan pair;
    private final Replacements replacements;
    private final IndexRecord record = new IndexRecord();
    private final IndexRecord old = new IndexRecord();
    private final ByteBuffer records = ByteBuffer.allocate(1024 * IndexRecord.LENGTH);

    private ByteBuffer lines = ByteBuffer.allocate(TEXT_BYTES);
    private RecordReader oldRecords;
    private DiskFile text;
    private DiskFile index;
    private Segment written;
    private long textAt;
    private long indexAt;
    private long mark;

    /** Prepares to write {@code pair} as it follows {@code start}. */
    PairRewrite(Disk disk, LogFolder folder, PairScan pair, Segment start, Replacements replacements) {
        this.disk = disk;
        this.folder = folder;
        this.pair = pair;
        this.replacements = replacements;
        this.written = start;
        this.mark = start.firstIndex() - 1;
    }

    /** Returns what will be there. */
    Segment run(long termBefore) throws IOException {
        try (DiskFile source = NoFile.orOpen(disk, pair.index);
                DiskFile newText = folder.newRewritten(pair.text);
                DiskFile newIndex = folder.newRewritten(pair.index)) {
            oldRecords = new RecordReader(source);
            text = newText;
            index = newIndex;
            pair.scan(this, termBefore);
            flushText();
            flushIndex();
            text.force();
            index.force();
        }
        return written;
    }

    @Override
    public void entry(long entryIndex, Entry entry, boolean recordLost) throws IOException {
        if (!recordLost && oldRecords.read(entryIndex - pair.start.firstIndex(), old)) {
            mark = old.mark();
        }
        append(entry);
    }

    @Override
    public void damage(long line, long entryIndex, String problem) throws IOException {
        Replacement replacement = replacements.get(entryIndex);
        if (replacement == null) {
            throw new IOException(problem + ": found just now");
        }
        mark = replacement.mark();
        append(replacement.entry());
    }

    private void append(Entry entry) throws IOException {
        if (lines.remaining() < entry.length()) {
            flushText();
            if (lines.capacity() < entry.length()) {
                lines = ByteBuffer.allocate(entry.length());
            }
        }
        if (!records.hasRemaining()) {
            flushIndex();
        }
        record.set(written.endOffset(), entry.length(), entry.session(), entry.number(), entry.keyHash(), mark);
        int checksum = record.seal(written.checksum(), entry.bytes(), entry.offset());
        record.writeTo(records);
        lines.put(entry.bytes(), entry.offset(), entry.length());
        written = written.grownBy(1, entry.length(), checksum);
    }

    private void flushText() throws IOException {
        int bytes = lines.position();
        text.write(textAt, lines.flip());
        textAt += bytes;
        lines.clear();
    }

    private void flushIndex() throws IOException {
        int bytes = records.position();
        index.write(indexAt, records.flip());
        indexAt += bytes;
        records.clear();
    }
}
