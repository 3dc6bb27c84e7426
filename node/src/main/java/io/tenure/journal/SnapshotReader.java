package io.tenure.journal;

import io.tenure.entry.KeyValue;
import io.tenure.entry.LineFormat;
import io.tenure.entry.LineParser;
import io.tenure.entry.MalformedLineException;
import io.tenure.handoff.SessionRecord;
import io.tenure.handoff.SnapshotHeader;
import io.tenure.handoff.SnapshotVisitor;
import io.tenure.raft.EntryId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Reads a snapshot file, part by part: a part is judged as a whole before anything of it is shown, and at most one is in
 * memory. Accepts exactly what {@link SnapshotWriter} writes. Confined to one thread.
 */
public final class SnapshotReader implements AutoCloseable {
    private static final int READ_BYTES = 256 << 10;

    /** A part ends at the first line past 64 KiB; a line is no longer than in a log. */
    private static final int PART_BYTES_MAX = (128 << 10) + LineFormat.LINE_BYTES_MAX;

    private static final int END_LINE_BYTES_MAX = 64;

    /** Looks at nothing. */
    static final JournalVisitor NOBODY = (index, entry, committed, tagLost) -> {};

    private final Disk disk;
    private final String path;
    private final CRC32C partCrc = new CRC32C();
    private final CRC32C wholeCrc = new CRC32C();
    private final LineParser parser = new LineParser();

    private DiskFile file;
    private byte[] bytes = new byte[READ_BYTES];
    private int limit;
    private long fileAt;
    private long fileSize;

    /** Where in the array the lines of the part end, and where the line that closes it does. */
    private int partEnd;

    private int partLineEnd;

    /** Number of the line that is looked at. */
    private long line;

    private int headerLines;
    private long[] header = new long[5];
    private EntryId last = EntryId.NONE;
    private long values;
    private byte[] lastValue;

    /** Makes a reader for one pass. */
    public SnapshotReader(Disk disk, String path) {
        this.disk = disk;
        this.path = path;
    }

    /**
     * Reads and checks everything: parts, whole, counts, order, and that every line is as a writer writes it.
     *
     * @param visitor sees the content while the pass goes on; on an error, what it saw before stood in good parts
     * @return what the file says of itself
     * @throws SnapshotDamagedException if the file is not a whole, good snapshot
     * @throws IOException if it can't be read
     */
    public SnapshotHeader read(SnapshotVisitor visitor) throws IOException {
        try (this) {
            boolean done = false;
            while (!done) {
                done = step(visitor, Integer.MAX_VALUE);
            }
            return header();
        }
    }

    /**
     * Reads on, until about {@code bytesMax} were read.
     *
     * @return whether that was all, and all of it good
     */
    boolean step(SnapshotVisitor visitor, int bytesMax) throws IOException {
        if (file == null) {
            file = disk.openForReading(path);
            fileSize = file.size();
        }
        for (long read = 0; read < bytesMax; read += partLineEnd) {
            if (!readPart()) {
                checkEnd();
                return true;
            }
            visitPart(visitor);
        }
        return false;
    }

    /** Whether the file by that name is still the one that is being read; a snapshot never changes, but is replaced. */
    boolean isCurrent() throws IOException {
        if (file == null || !disk.exists(path)) {
            return true;
        }
        SnapshotReader now = new SnapshotReader(disk, path);
        try {
            return now.readHeader().last().equals(last) && now.fileSize == fileSize;
        } catch (SnapshotDamagedException e) {
            return true;
        }
    }

    /** Position of the last entry that the snapshot includes, once its first part was read. */
    EntryId last() {
        return last;
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }

    /**
     * Reads the first part only, and looks whether there is an end.
     *
     * @throws SnapshotDamagedException if they are not good
     */
    SnapshotHeader readHeader() throws IOException {
        try (DiskFile opened = disk.openForReading(path)) {
            file = opened;
            fileSize = file.size();
            long tailAt = Math.max(0, fileSize - END_LINE_BYTES_MAX);
            byte[] tail = new byte[(int) (fileSize - tailAt)];
            LineReader.readFully(file, tailAt, ByteBuffer.wrap(tail));
            String text = new String(tail, StandardCharsets.ISO_8859_1);
            int start = text.lastIndexOf('\n', text.length() - 2) + 1;
            if (!text.endsWith("\n") || !text.startsWith(SnapshotWriter.END, start)) {
                throw damaged("the file has no end");
            }
            if (!readPart()) {
                throw damaged("the first part is missing");
            }
            visitPart(NOBODY);
            return header();
        }
    }

    /** Has the next part at the beginning of the array, verified; false if the end line is there instead. */
    private boolean readPart() throws IOException {
        consume(partLineEnd);
        partLineEnd = 0;
        int start = 0;
        long lines = 0;
        while (true) {
            int end = endOfLine(start, lines);
            lines++;
            if (start > 0 && startsWith(start, SnapshotWriter.PART)) {
                partCrc.reset();
                partCrc.update(bytes, 0, start);
                if (!textOf(start, end).equals(SnapshotWriter.PART + hex(partCrc))) {
                    line += lines;
                    throw damaged("the checksum of the " + (lines - 1) + " lines before is wrong");
                }
                partEnd = start;
                partLineEnd = end;
                return true;
            }
            if (startsWith(start, SnapshotWriter.END)) {
                line++;
                if (start > 0) {
                    line += lines - 1;
                    throw damaged("the lines before it are in no part");
                }
                partLineEnd = end;
                return false;
            }
            start = end;
        }
    }

    private void checkEnd() {
        if (limit != partLineEnd || fileAt != fileSize) {
            line++;
            throw damaged("there is something after the end");
        }
        String expected = SnapshotWriter.END + values + ' ' + hex(wholeCrc);
        if (!textOf(0, partLineEnd).equals(expected)) {
            throw damaged("the checksum of the whole, or the number of values, is wrong");
        }
    }

    /** Returns the place behind the line feed. */
    private int endOfLine(int start, long lines) throws IOException {
        int at = start;
        while (true) {
            for (; at < limit; at++) {
                if (bytes[at] == '\n') {
                    return at + 1;
                }
            }
            if (fileAt == fileSize || limit > PART_BYTES_MAX) {
                line += lines + 1;
                throw damaged(fileAt == fileSize ? "the file has no end" : "the part has no end");
            }
            if (limit == bytes.length) {
                bytes = Arrays.copyOf(bytes, bytes.length * 2);
            }
            int count = (int) Math.min(bytes.length - limit, fileSize - fileAt);
            LineReader.readFully(file, fileAt, ByteBuffer.wrap(bytes, limit, count));
            fileAt += count;
            limit += count;
        }
    }

    private void consume(int count) {
        wholeCrc.update(bytes, 0, count);
        System.arraycopy(bytes, count, bytes, 0, limit - count);
        limit -= count;
    }

    private void visitPart(SnapshotVisitor visitor) {
        int start = 0;
        while (start < partEnd) {
            int end = start;
            while (bytes[end] != '\n') {
                end++;
            }
            end++;
            line++;
            visitLine(start, end, visitor);
            start = end;
        }
        line++;
    }

    private void visitLine(int start, int end, SnapshotVisitor visitor) {
        if (headerLines < header.length) {
            readHeaderLine(textOf(start, end), visitor);
        } else if (startsWith(start, SnapshotWriter.SET)) {
            try {
                parser.parseValue(bytes, start, end - start);
            } catch (MalformedLineException e) {
                throw damaged(e.getMessage());
            }
            byte[] keyValue = parser.keyValue();
            if (lastValue != null && KeyValue.compareKeys(lastValue, keyValue) >= 0) {
                throw damaged("the key does not follow the one before");
            }
            lastValue = keyValue;
            values++;
            visitor.value(keyValue);
        } else if (startsWith(start, SnapshotWriter.SESSION) && lastValue == null) {
            visitor.session(session(textOf(start, end)));
        } else {
            throw damaged("neither \"SET <key> <value>\" nor, before those, a session");
        }
    }

    private void readHeaderLine(String text, SnapshotVisitor visitor) {
        switch (headerLines) {
            case 0 -> {
                if (!text.equals(SnapshotWriter.FIRST_LINE)) {
                    throw damaged('"' + SnapshotWriter.FIRST_LINE + "\" expected, not \"" + text + '"');
                }
            }
            case 1 -> {
                long[] numbers = numbers(text, SnapshotWriter.LAST);
                if (numbers.length != 2 || numbers[0] < 1 || numbers[1] < 0) {
                    throw damaged("\"last <index> <term>\" expected, not \"" + text + '"');
                }
                last = new EntryId(numbers[0], numbers[1]);
            }
            case 2 -> header[2] = mark(text, SnapshotWriter.LEASE, Long.MAX_VALUE);
            case 3 -> header[3] = mark(text, SnapshotWriter.EVICTED, last.index());
            default -> {
                header[4] = mark(text, SnapshotWriter.TAGS_LOST, last.index());
                headerLines++;
                visitor.begin(header());
                return;
            }
        }
        headerLines++;
    }

    private SnapshotHeader header() {
        if (headerLines < header.length) {
            throw damaged("the head of the file is not complete");
        }
        return new SnapshotHeader(last, header[2], header[3], header[4]);
    }

    private long mark(String text, String word, long max) {
        long[] numbers = numbers(text, word);
        if (numbers.length != 1 || numbers[0] < 0 || numbers[0] > max) {
            throw damaged('"' + word + "<n>\" expected, n at most " + max + ", not \"" + text + '"');
        }
        return numbers[0];
    }

    private SessionRecord session(String text) {
        long[] numbers = numbers(text, SnapshotWriter.SESSION);
        if (numbers.length < 4) {
            throw damaged("a session of too few numbers");
        }
        List<Long> indexes = new ArrayList<>(numbers.length - 4);
        for (int i = 1; i < numbers.length; i++) {
            boolean isIndex = i != 2;
            if (numbers[i] < 0 || (isIndex && numbers[i] > last.index())) {
                throw damaged("a session with an index outside of 0.." + last.index());
            }
            if (i >= 4) {
                indexes.add(numbers[i]);
            }
        }
        return new SessionRecord(numbers[0], numbers[1], numbers[2], numbers[3], List.copyOf(indexes));
    }

    /** The numbers after {@code word}, each as {@link Long#toString} writes it. */
    private long[] numbers(String text, String word) {
        if (!text.startsWith(word)) {
            throw damaged('"' + word.strip() + "\" expected, not \"" + text + '"');
        }
        String[] fields = text.substring(word.length()).split(" ", -1);
        long[] numbers = new long[fields.length];
        for (int i = 0; i < fields.length; i++) {
            try {
                numbers[i] = Long.parseLong(fields[i]);
            } catch (NumberFormatException e) {
                throw damaged("not a number: \"" + fields[i] + '"');
            }
            if (!fields[i].equals(Long.toString(numbers[i]))) {
                throw damaged("not as a number is written: \"" + fields[i] + '"');
            }
        }
        return numbers;
    }

    private boolean startsWith(int start, String word) {
        if (limit - start < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (bytes[start + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private String textOf(int start, int end) {
        return new String(bytes, start, end - start - 1, StandardCharsets.UTF_8);
    }

    private static String hex(CRC32C crc) {
        return String.format("%08x", crc.getValue());
    }

    private SnapshotDamagedException damaged(String problem) {
        return new SnapshotDamagedException(path, line, problem);
    }
}
