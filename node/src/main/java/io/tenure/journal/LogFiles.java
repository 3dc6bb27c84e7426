package io.tenure.journal;

import io.tenure.entry.IndexRecord;
import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import io.tenure.raft.Parameters;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The pairs of files of an open journal, of which the last one is written to: where each entry lies, and the steps that
 * move that. Nothing here is retried, and after an error nothing is known.
 */
final class LogFiles implements AutoCloseable {
    private final Disk disk;
    private final LogFolder folder;
    private final List<Segment> rolled;
    private final IndexRecord record = new IndexRecord();
    private final ByteBuffer recordBuffer = ByteBuffer.allocate(IndexRecord.LENGTH);

    private Segment active;
    private DiskFile text;
    private DiskFile index;
    private long forcedIndex;
    private boolean indexUnforced;

    /** Takes over what was opened, all of which is forced. */
    LogFiles(Disk disk, LogFolder folder, List<Segment> rolled, Segment active, DiskFile text, DiskFile index) {
        this.disk = disk;
        this.folder = folder;
        this.rolled = rolled;
        this.active = active;
        this.text = text;
        this.index = index;
        this.forcedIndex = active.lastIndex();
    }

    /** The pair that is written to. */
    Segment active() {
        return active;
    }

    /** Index of the last entry that was written. */
    long lastIndex() {
        return active.lastIndex();
    }

    /** Index of the last entry whose text is forced. */
    long forcedIndex() {
        return forcedIndex;
    }

    /**
     * Whether the text of this very entry is forced.
     *
     * @param id not below the first entry that is left
     */
    boolean hasForced(EntryId id) throws IOException {
        return id.index() <= forcedIndex && read(id.index(), 1).get(0).term() == id.term();
    }

    boolean hasUnforcedIndex() {
        return indexUnforced;
    }

    /**
     * Writes a group behind what is there.
     *
     * @throws DiskFullException if there is no room; then nothing of it is left in the files, and the group is as it was
     */
    void write(Group group) throws IOException {
        indexUnforced = true;
        try {
            active = group.write(active, text, index);
        } catch (DiskFullException e) {
            // The text first: should this process be killed in between, there are never lines without their tags.
            text.truncate(active.textBytes());
            index.truncate(active.count() * IndexRecord.LENGTH);
            throw e;
        }
    }

    void forceText() throws IOException {
        if (active.lastIndex() != forcedIndex) {
            text.force();
            forcedIndex = active.lastIndex();
        }
    }

    void forceIndex() throws IOException {
        if (indexUnforced) {
            index.force();
            indexUnforced = false;
        }
    }

    /**
     * Reads an entry, if it is in the log files: what is cut behind it is found by its record.
     *
     * @throws DamagedException if it is not what was written
     */
    void verify(long entryIndex) throws IOException {
        read(entryIndex, 1);
    }

    /** Cuts the index, forces, cuts the text, forces; so no mark outlives the entries that it vouches for. */
    void truncate(long from) throws IOException {
        while (from < active.firstIndex()) {
            cut(0);
            unroll();
        }
        cut(from - active.firstIndex());
        forcedIndex = active.lastIndex();
    }

    /**
     * Cuts from a damaged entry on, whose predecessor is good. Its line is made no line before: without its record it would
     * count as a good one, should the power fail between the cuts.
     */
    void truncateDamaged(long from) throws IOException {
        Segment segment = segmentOf(from);
        if (from >= active.firstIndex()) {
            spoil(segment, from, text, index);
        } else {
            try (DiskFile lines = disk.open(folder.rolledText(segment.firstIndex()));
                    DiskFile records = disk.openForReading(folder.rolledIndex(segment.firstIndex()))) {
                spoil(segment, from, lines, records);
            }
        }
        truncate(from);
    }

    private void spoil(Segment segment, long from, DiskFile lines, DiskFile records) throws IOException {
        long position = 0;
        if (from > segment.firstIndex()) {
            recordAt(records, from - segment.firstIndex() - 1);
            position = record.offset() + record.length() - segment.baseOffset();
        }
        if (position < lines.size()) {
            lines.write(position, ByteBuffer.wrap(new byte[1]));
            lines.force();
        }
    }

    /**
     * Goes on with a new pair; all text is forced.
     *
     * @throws DiskFullException if there is no room for it; then nothing has changed
     */
    void roll() throws IOException {
        folder.prepareRoll();
        index.force();
        indexUnforced = false;
        close();
        folder.roll(active.firstIndex());
        rolled.add(active);
        active = active.next();
        open();
    }

    /** Reads from {@code firstIndex} on, as {@link Journal#read} says. */
    List<Entry> read(long firstIndex, int bytesMax) throws IOException {
        List<Entry> entries = new ArrayList<>();
        long bytes = 0;
        long next = firstIndex;
        int before = -1;
        while (next >= firstIndex()
                && next <= active.lastIndex()
                && entries.size() > before
                && entries.size() < Parameters.BATCH_ENTRIES_MAX) {
            before = entries.size();
            bytes = readFrom(segmentOf(next), next, bytesMax, bytes, entries);
            next = firstIndex + entries.size();
        }
        return entries;
    }

    /**
     * Where the log would begin if all rolled pairs were dropped whose last entry is at most {@code index}; null if there
     * is none.
     */
    LogStart startAfterDrop(long index) throws IOException {
        Segment last = null;
        for (Segment segment : rolled) {
            last = segment.lastIndex() <= index ? segment : last;
        }
        if (last == null) {
            return null;
        }
        long term = read(last.lastIndex(), 1).get(0).term();
        return new LogStart(new EntryId(last.lastIndex(), term), last.endOffset(), last.checksum());
    }

    /** See {@link Journal#firstIndexKeeping}. */
    long firstIndexKeeping(long bytes) {
        long kept = active.textBytes();
        long firstIndex = active.firstIndex();
        for (int last = rolled.size() - 1; last >= 0 && kept < bytes; last--) {
            kept += rolled.get(last).textBytes();
            firstIndex = rolled.get(last).firstIndex();
        }
        return firstIndex;
    }

    /** Drops the rolled pairs below {@code start}, which is noted durably. */
    void drop(LogStart start) throws IOException {
        rolled.removeIf(segment -> segment.lastIndex() <= start.base().index());
        folder.deleteRolled(start.base().index());
    }

    /** Drops everything; goes on after {@code start} with an empty pair. */
    void reset(LogStart start) throws IOException {
        // First, so that nobody looks for what is gone if there is no room for the new files.
        rolled.clear();
        active = start.segment();
        forcedIndex = active.lastIndex();
        indexUnforced = false;
        close();
        folder.deleteAll();
        folder.createFiles();
        open();
    }

    @Override
    public void close() throws IOException {
        try {
            text.close();
        } finally {
            index.close();
        }
    }

    private long firstIndex() {
        return rolled.isEmpty() ? active.firstIndex() : rolled.get(0).firstIndex();
    }

    private void cut(long entries) throws IOException {
        if (entries == active.count()) {
            return;
        }
        boolean isEmpty = entries == 0;
        int checksum =
                isEmpty ? active.baseChecksum() : recordAt(index, entries - 1).checksum();
        long bytes = isEmpty ? 0 : record.offset() + record.length() - active.baseOffset();
        index.truncate(entries * IndexRecord.LENGTH);
        index.force();
        text.truncate(bytes);
        text.force();
        indexUnforced = false;
        active = active.cutTo(entries, bytes, checksum);
    }

    private IndexRecord recordAt(DiskFile records, long slot) throws IOException {
        LineReader.readFully(records, slot * IndexRecord.LENGTH, recordBuffer.clear());
        record.readFrom(recordBuffer, 0);
        return record;
    }

    /** The current pair is empty. */
    private void unroll() throws IOException {
        close();
        active = rolled.remove(rolled.size() - 1);
        folder.unroll(active.firstIndex());
        open();
    }

    private void open() throws IOException {
        text = disk.open(folder.text());
        index = disk.open(folder.index());
    }

    private Segment segmentOf(long entryIndex) {
        if (entryIndex >= active.firstIndex()) {
            return active;
        }
        int found = Collections.binarySearch(
                rolled, entryIndex, (segment, wanted) -> Long.compare(((Segment) segment).firstIndex(), (Long) wanted));
        return rolled.get(found >= 0 ? found : -found - 2);
    }

    private long readFrom(Segment segment, long first, int bytesMax, long bytesBefore, List<Entry> entries)
            throws IOException {
        if (segment.firstIndex() == active.firstIndex()) {
            return new SegmentReader(segment, folder.text(), text, index).read(first, bytesMax, bytesBefore, entries);
        }
        String file = folder.rolledText(segment.firstIndex());
        try (DiskFile lines = disk.openForReading(file);
                DiskFile records = disk.openForReading(folder.rolledIndex(segment.firstIndex()))) {
            return new SegmentReader(segment, file, lines, records).read(first, bytesMax, bytesBefore, entries);
        }
    }
}
