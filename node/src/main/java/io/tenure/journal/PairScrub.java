package io.tenure.journal;

import io.tenure.entry.IndexRecord;
import java.io.IOException;

/**
 * Verifies the entries of a pair of log files, of the current one up to the mark, a piece at a time, by the checksums that every
 * reader of entries goes by; the journal may go on writing behind them, and rename the files. Confined to one thread.
 */
final class PairScrub implements AutoCloseable {
    private final String name;
    private final boolean rolled;
    private final DiskFile text;
    private final DiskFile index;
    private final Segment segment;
    private final long slots;
    private final SegmentReader reader;

    private long next;

    /**
     * Opens a pair.
     *
     * @param start where the pair starts; its counts are not looked at
     * @param next first entry to verify
     * @param mark of the current pair, the last entry that is looked at; of a rolled one, all are
     */
    PairScrub(Disk disk, String name, String indexName, boolean rolled, Segment start, long next, long mark)
            throws IOException {
        this.name = name;
        this.rolled = rolled;
        this.next = next;
        this.text = disk.openForReading(name);
        try {
            this.index = disk.openForReading(indexName);
        } catch (IOException e) {
            JournalException.closeAfter(e, text);
            throw e;
        }
        this.slots = index.size() / IndexRecord.LENGTH;
        this.segment = start.cutTo(rolled ? slots : mark - start.firstIndex() + 1, 0, 0);
        this.reader = new SegmentReader(segment, name, text, index);
    }

    /** First entry that was not verified yet. */
    long next() {
        return next;
    }

    /** Whether nothing is left to verify. */
    boolean isDone() {
        return next > segment.lastIndex();
    }

    /**
     * Verifies some entries, at least one.
     *
     * @return bytes read
     * @throws DamagedException if one is not what was written
     */
    long step(int bytesMax) throws IOException {
        int count = reader.verify(next, bytesMax);
        next += count;
        return reader.verifiedBytes() + (long) count * IndexRecord.LENGTH;
    }

    /**
     * Where the pair after this one starts, once this one was verified; null if this is the current one.
     *
     * @throws DamagedException if the text does not end with its last entry
     */
    Segment after() throws IOException {
        if (!rolled) {
            return null;
        }
        if (slots == 0) {
            throw DamagedException.found(name, 1, segment.firstIndex(), "its record in the index is gone");
        }
        IndexRecord last = new IndexRecord();
        new RecordReader(index).read(slots - 1, last);
        long end = last.offset() + last.length();
        if (text.size() != end - segment.baseOffset()) {
            throw DamagedException.found(name, slots + 1, segment.lastIndex() + 1, "its record in the index is gone");
        }
        return new Segment(segment.lastIndex() + 1, end, last.checksum(), 0, 0, last.checksum());
    }

    @Override
    public void close() throws IOException {
        try {
            text.close();
        } finally {
            index.close();
        }
    }
}
