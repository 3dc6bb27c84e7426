package io.tenure.journal;

import io.tenure.entry.IndexRecord;
import io.tenure.entry.LineFormat;
import io.tenure.entry.LineParser;
import io.tenure.entry.MalformedLineException;
import io.tenure.raft.Entry;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Reads entries of one pair by index, and checks each against its record. */
final class SegmentReader {
    private static final int RECORDS_PER_READ = 1024;
    private static final byte[] NO_LINES = {};

    private final Segment segment;
    private final String file;
    private final DiskFile text;
    private final DiskFile index;
    private final IndexRecord record = new IndexRecord();
    private final LineParser parser = new LineParser();
    private ByteBuffer records = ByteBuffer.allocate(0);
    private byte[] lines = NO_LINES;
    private long lineBytes;

    SegmentReader(Segment segment, String file, DiskFile text, DiskFile index) {
        this.segment = segment;
        this.file = file;
        this.text = text;
        this.index = index;
    }

    /**
     * Adds entries from {@code firstIndex} on, as many as stay within {@code bytesMax}, but at least one if none was there.
     * Not all that fit: whoever wants more asks again.
     *
     * @param bytesBefore bytes of the entries that are there
     * @return bytes of the entries that are there now
     * @throws DamagedException if they are not what was written
     */
    long read(long firstIndex, int bytesMax, long bytesBefore, List<Entry> entries) throws IOException {
        try {
            return readSome(firstIndex, bytesMax, bytesBefore, entries);
        } catch (EOFException e) {
            throw damaged(firstIndex, e.getMessage());
        }
    }

    /**
     * Checks entries from {@code firstIndex} on against their records, as many as stay within {@code bytesMax}, but at least one.
     * Makes nothing of them, and goes on with the same buffers each time.
     *
     * @return how many
     * @throws DamagedException if one is not what was written
     */
    int verify(long firstIndex, int bytesMax) throws IOException {
        try {
            int count = load(firstIndex, bytesMax, true);
            int previous = checksumBefore(firstIndex - segment.firstIndex());
            int start = 0;
            for (int i = 0; i < count; i++) {
                previous = parsedAfter(previous, firstIndex, i, start);
                start += record.length();
            }
            return count;
        } catch (EOFException e) {
            throw damaged(firstIndex, e.getMessage());
        }
    }

    /** Of the lines of the last {@link #verify}. */
    long verifiedBytes() {
        return lineBytes;
    }

    private long readSome(long firstIndex, int bytesMax, long bytesBefore, List<Entry> entries) throws IOException {
        lines = NO_LINES;
        int count = load(firstIndex, bytesMax - bytesBefore, entries.isEmpty());
        if (count > 0) {
            parse(firstIndex, count, entries);
        }
        lines = NO_LINES; // What was read belongs to the entries.
        return bytesBefore + lineBytes;
    }

    /** Reads records, and the lines of as many of them as stay within {@code bytesMax}; returns how many. */
    private int load(long firstIndex, long bytesMax, boolean oneAtLeast) throws IOException {
        long slot = firstIndex - segment.firstIndex();
        int slots = (int) Math.min(RECORDS_PER_READ, segment.count() - slot);
        if (records.capacity() < slots * IndexRecord.LENGTH) {
            records = ByteBuffer.allocate(slots * IndexRecord.LENGTH);
        }
        LineReader.readFully(index, slot * IndexRecord.LENGTH, records.clear().limit(slots * IndexRecord.LENGTH));
        int count = 0;
        lineBytes = 0;
        while (count < slots) {
            record.readFrom(records, count * IndexRecord.LENGTH);
            boolean fits = lineBytes + record.length() <= bytesMax || (oneAtLeast && count == 0);
            if (!fits) {
                break;
            }
            if (record.length() <= 0 || record.length() > LineFormat.LINE_BYTES_MAX) {
                throw damaged(firstIndex + count, "its record in the index says it has " + record.length() + " bytes");
            }
            lineBytes += record.length();
            count++;
        }
        if (count > 0) {
            loadLines(firstIndex);
        }
        return count;
    }

    private void loadLines(long firstIndex) throws IOException {
        record.readFrom(records, 0);
        long position = record.offset() - segment.baseOffset();
        if (position < 0 || position > text.size()) {
            throw damaged(firstIndex, "its record in the index points to byte " + position);
        }
        if (lines.length < lineBytes) {
            lines = new byte[Math.toIntExact(lineBytes)];
        }
        LineReader.readFully(text, position, ByteBuffer.wrap(lines, 0, (int) lineBytes));
    }

    private void parse(long firstIndex, int count, List<Entry> entries) throws IOException {
        int previous = checksumBefore(firstIndex - segment.firstIndex());
        int start = 0;
        for (int i = 0; i < count; i++) {
            previous = parsedAfter(previous, firstIndex, i, start);
            entries.add(parser.entry(record.session(), record.number()));
            start += record.length();
        }
    }

    /** Checks one of the lines that are loaded, leaves its {@link #record} and what it parses as; returns its checksum. */
    private int parsedAfter(int previous, long firstIndex, int i, int start) throws DamagedException {
        record.readFrom(records, i * IndexRecord.LENGTH);
        if (!record.isSealed(previous, lines, start)) {
            throw damaged(firstIndex + i, "the line is not what its record in the index was written for");
        }
        try {
            parser.parse(lines, start, record.length());
        } catch (MalformedLineException e) {
            throw damaged(firstIndex + i, e.getMessage());
        }
        return record.checksum();
    }

    private int checksumBefore(long slot) throws IOException {
        if (slot == 0) {
            return segment.baseChecksum();
        }
        ByteBuffer before = ByteBuffer.allocate(IndexRecord.LENGTH);
        LineReader.readFully(index, (slot - 1) * IndexRecord.LENGTH, before);
        IndexRecord last = new IndexRecord();
        last.readFrom(before, 0);
        return last.checksum();
    }

    private DamagedException damaged(long entryIndex, String problem) {
        return DamagedException.found(file, entryIndex - segment.firstIndex() + 1, entryIndex, problem);
    }
}
