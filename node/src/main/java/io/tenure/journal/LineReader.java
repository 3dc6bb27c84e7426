package io.tenure.journal;

import io.tenure.entry.LineFormat;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads a log file line by line. Lines lie in arrays of some hundred lines each that are never written again, so entries
 * can keep them.
 */
final class LineReader {
    /** What {@link #next} came upon. */
    enum Found {
        /** A line that ends in a line feed and holds no NUL. */
        LINE,
        /** Bytes that are none; {@link #problem} says why. There is no next line. */
        BROKEN,
        /** The end of the file, after a line or nothing. */
        END
    }

    private static final int CHUNK_BYTES = 256 << 10;

    private final DiskFile file;
    private final long size;

    private byte[] bytes = {};
    private int limit;
    private long limitPosition;
    private int start;
    private int end;
    private String problem = "";

    LineReader(DiskFile file) throws IOException {
        this.file = file;
        this.size = file.size();
    }

    Found next() throws IOException {
        start = end;
        int at = start;
        while (true) {
            for (; at < limit; at++) {
                if (bytes[at] == '\n') {
                    end = at + 1;
                    return Found.LINE;
                }
                if (bytes[at] == 0) {
                    return broken("a NUL in column " + (at - start + 1));
                }
            }
            if (limitPosition == size) {
                return at == start ? Found.END : broken("the line has no end");
            }
            if (at - start > LineFormat.LINE_BYTES_MAX) {
                return broken("the line is longer than " + LineFormat.LINE_BYTES_MAX + " bytes");
            }
            at = refill(at);
        }
    }

    /** Goes on at {@code position}, where a line begins. */
    void seek(long position) {
        bytes = new byte[0];
        limit = 0;
        start = 0;
        end = 0;
        limitPosition = position;
    }

    byte[] bytes() {
        return bytes;
    }

    int start() {
        return start;
    }

    int length() {
        return end - start;
    }

    /** Where in the file the line starts, or the broken bytes, or the end. */
    long position() {
        return limitPosition - (limit - start);
    }

    String problem() {
        return problem;
    }

    /**
     * Fills {@code target} from {@code position} on.
     *
     * @throws EOFException if the file ends before
     */
    static void readFully(DiskFile file, long position, ByteBuffer target) throws IOException {
        long at = position;
        while (target.hasRemaining()) {
            int read = file.read(at, target);
            if (read < 0) {
                throw new EOFException("the file ends at byte " + at + ", shorter than it was");
            }
            at += read;
        }
    }

    private Found broken(String why) {
        problem = why;
        return Found.BROKEN;
    }

    /** Moves the started line into a new array and reads on; returns the new place of {@code at}. */
    private int refill(int at) throws IOException {
        int kept = limit - start;
        byte[] next = new byte[(int) Math.min(Math.max(CHUNK_BYTES, 2L * kept), kept + size - limitPosition)];
        System.arraycopy(bytes, start, next, 0, kept);
        readFully(file, limitPosition, ByteBuffer.wrap(next, kept, next.length - kept));
        limitPosition += next.length - kept;
        int moved = at - start;
        bytes = next;
        limit = next.length;
        start = 0;
        return moved;
    }
}
