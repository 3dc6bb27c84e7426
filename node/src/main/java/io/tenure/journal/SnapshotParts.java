package io.tenure.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Verifies the parts of a snapshot file by their checksums, a step ahead of who sends it to a peer; what the lines say is the
 * receiver's to judge. It may begin anywhere: what is before the first line that closes a part is then left to the receiver, too.
 * Confined to one thread.
 */
final class SnapshotParts {
    private static final int READ_BYTES = 64 << 10;

    /** Longer than the line that closes a part, and than the last one. */
    private static final int LINE_START_BYTES = 64;

    private final DiskFile file;
    private final String path;
    private final long totalBytes;
    private final CRC32C part = new CRC32C();
    private final CRC32C whole = new CRC32C();
    private final ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES);
    private final byte[] lineStart = new byte[LINE_START_BYTES];

    private long verifiedBytes;
    private long at;
    private final boolean isWhole;
    private long lines;
    private long values;

    /** Checksums of the part and the whole up to the line that is read. */
    private long partBefore;

    private long wholeBefore;
    private int lineBytes;
    private boolean isSynchronous;
    private boolean isEnded;

    /**
     * Prepares to verify what comes from {@code from} on.
     *
     * @param file stays open, and is not closed here
     */
    SnapshotParts(DiskFile file, String path, long totalBytes, long from) {
        this.file = file;
        this.path = path;
        this.totalBytes = totalBytes;
        this.at = from;
        this.verifiedBytes = from;
        this.isWhole = from == 0;
        this.isSynchronous = isWhole;
    }

    /**
     * Reads on until all before {@code end} is verified; at most a part further than that.
     *
     * @throws SnapshotDamagedException if it is not what was written
     */
    void verifyTo(long end) throws IOException {
        while (verifiedBytes < end) {
            if (at == totalBytes) {
                if (!isEnded) {
                    throw damaged("the file has no end");
                }
                verifiedBytes = totalBytes;
                return;
            }
            int count = (int) Math.min(READ_BYTES, totalBytes - at);
            LineReader.readFully(file, at, buffer.clear().limit(count));
            take(buffer.array(), count);
        }
    }

    private void take(byte[] bytes, int count) {
        int from = 0;
        for (int i = 0; i < count; i++) {
            if (lineBytes < LINE_START_BYTES) {
                lineStart[lineBytes++] = bytes[i];
            }
            if (bytes[i] == '\n') {
                update(bytes, from, i + 1);
                from = i + 1;
                endLine(at + from);
            }
        }
        update(bytes, from, count);
        at += count;
    }

    private void update(byte[] bytes, int from, int to) {
        part.update(bytes, from, to - from);
        whole.update(bytes, from, to - from);
    }

    /** A line ends before {@code end}. */
    private void endLine(long end) {
        lines++;
        String text = new String(lineStart, 0, lineBytes, StandardCharsets.ISO_8859_1);
        lineBytes = 0;
        if (isEnded) {
            throw damaged("there is something after the end");
        }
        if (text.startsWith(SnapshotWriter.PART)) {
            if (isSynchronous && !text.equals(SnapshotWriter.PART + hex(partBefore) + '\n')) {
                throw damaged("the checksum of the lines before is wrong");
            }
            isSynchronous = true;
            part.reset();
            verifiedBytes = end;
        } else if (text.startsWith(SnapshotWriter.END)) {
            isEnded = true;
            if (isWhole && !text.equals(SnapshotWriter.END + values + ' ' + hex(wholeBefore) + '\n')) {
                throw damaged("the checksum of the whole, or the number of values, is wrong");
            }
        }
        values += text.startsWith(SnapshotWriter.SET) ? 1 : 0;
        partBefore = part.getValue();
        wholeBefore = whole.getValue();
    }

    private static String hex(long checksum) {
        return String.format("%08x", checksum);
    }

    private SnapshotDamagedException damaged(String problem) {
        return new SnapshotDamagedException(path, isWhole ? lines : 0, problem);
    }
}
