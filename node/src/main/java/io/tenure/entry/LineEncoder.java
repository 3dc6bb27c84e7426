package io.tenure.entry;

import io.tenure.raft.Entry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.openhft.chronicle.bytes.Bytes;
import org.agrona.DirectBuffer;

/**
 * Turns a batch of writes into log lines, once, on the leader (DESIGN.md, D3): {@link #begin}, {@link #appendSet} and
 * {@link #appendNoOp} as often as needed, {@link #finish}. The entries of a batch share one array, the only thing that is
 * allocated besides them. Confined to one thread.
 */
public final class LineEncoder {
    private static final int BYTES_INITIAL = 16 << 10;
    private static final int COUNT_INITIAL = 256;

    /** Columns of {@link #tags}. */
    private static final int TERM = 0;

    private static final int KEY_HASH = 1;
    private static final int SESSION = 2;
    private static final int NUMBER = 3;
    private static final int COLUMNS = 4;

    private final Bytes<byte[]> text = Bytes.allocateElasticOnHeap(BYTES_INITIAL);
    private byte[] scratch = new byte[BYTES_INITIAL];
    private int[] ends = new int[COUNT_INITIAL];
    private long[] tags = new long[COUNT_INITIAL * COLUMNS];
    private int count;

    /** Makes an encoder with an empty batch. */
    public LineEncoder() {
        // Made by the thread that wires a node, used by the one that runs its core.
        text.singleThreadedCheckDisabled(true);
    }

    /** A NO-OP that opens {@code term}. */
    public static Entry noOp(long term) {
        requireTerm(term);
        byte[] line = ("NO-OP " + term + "\n").getBytes(StandardCharsets.US_ASCII);
        return new Entry(Entry.Kind.NO_OP, term, KeyHash.NONE, Entry.NO_SESSION, 0, line, 0, line.length);
    }

    /** One write on its own, for callers that have no batch. */
    public static Entry set(String key, String value, long session, long number, long term) {
        requireTerm(term);
        byte[] line = ("SET " + LineFormat.escape(key) + ' ' + LineFormat.escape(value) + ' ' + term + '\n')
                .getBytes(StandardCharsets.UTF_8);
        return new Entry(Entry.Kind.WRITE, term, KeyHash.of(key), session, number, line, 0, line.length);
    }

    /** Starts a new batch; forgets one that was not finished. */
    public void begin() {
        text.clear();
        count = 0;
    }

    /** Entries in the batch so far. */
    public int count() {
        return count;
    }

    /** Bytes of lines in the batch so far. */
    public int bytes() {
        return (int) text.readRemaining();
    }

    /**
     * Adds a write. On an error the batch is as before.
     *
     * @return the hash of the key
     * @throws IllegalArgumentException if key or value is not well-formed UTF-8
     */
    public long appendSet(
            DirectBuffer source,
            int keyOffset,
            int keyLength,
            int valueOffset,
            int valueLength,
            long session,
            long number,
            long term) {
        requireTerm(term);
        long start = text.writePosition();
        append(LineFormat.SET, 0, LineFormat.SET.length);
        long keyHash;
        try {
            keyHash = appendField(source, keyOffset, keyLength, true);
            text.writeByte((byte) ' ');
            appendField(source, valueOffset, valueLength, false);
        } catch (IllegalArgumentException e) {
            text.writePosition(start);
            throw e;
        }
        text.writeByte((byte) ' ');
        endLine(keyHash, session, number, term);
        return keyHash;
    }

    /** Adds a NO-OP. */
    public void appendNoOp(long term) {
        requireTerm(term);
        append(LineFormat.NO_OP, 0, LineFormat.NO_OP.length);
        endLine(KeyHash.NONE, Entry.NO_SESSION, 0, term);
    }

    /** The entries of the batch in order, over one array of their own. The encoder can begin anew. */
    public List<Entry> finish() {
        byte[] lines = text.toByteArray();
        List<Entry> entries = new ArrayList<>(count);
        int start = 0;
        for (int i = 0; i < count; i++) {
            int tag = i * COLUMNS;
            Entry.Kind kind = tags[tag + KEY_HASH] == KeyHash.NONE ? Entry.Kind.NO_OP : Entry.Kind.WRITE;
            entries.add(new Entry(
                    kind,
                    tags[tag + TERM],
                    tags[tag + KEY_HASH],
                    tags[tag + SESSION],
                    tags[tag + NUMBER],
                    lines,
                    start,
                    ends[i] - start));
            start = ends[i];
        }
        begin();
        return entries;
    }

    private static void requireTerm(long term) {
        if (term < 0) {
            throw new IllegalArgumentException("term " + term + " is below 0");
        }
    }

    private void endLine(long keyHash, long session, long number, long term) {
        text.append(term).writeByte((byte) '\n');
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, count * 2);
            tags = Arrays.copyOf(tags, tags.length * 2);
        }
        ends[count] = Math.toIntExact(text.writePosition());
        int tag = count * COLUMNS;
        tags[tag + TERM] = term;
        tags[tag + KEY_HASH] = keyHash;
        tags[tag + SESSION] = session;
        tags[tag + NUMBER] = number;
        count++;
    }

    private long appendField(DirectBuffer source, int offset, int length, boolean isKey) {
        byte[] array = source.byteArray();
        int at = offset;
        if (array != null) {
            source.boundsCheck(offset, length);
            at += source.wrapAdjustment();
        } else {
            if (scratch.length < length) {
                scratch = new byte[Math.max(length, scratch.length * 2)];
            }
            source.getBytes(offset, scratch, 0, length);
            array = scratch;
            at = 0;
        }
        appendEscaped(array, at, at + length);
        return isKey ? KeyHash.of(array, at, length) : KeyHash.NONE;
    }

    private void appendEscaped(byte[] source, int start, int end) {
        if (start == end) {
            text.writeByte((byte) '\\').writeByte((byte) 'e');
            return;
        }
        int copied = start;
        for (int at = LineFormat.endOfPlain(source, start, end); at < end; ) {
            int codePoint = LineFormat.codePointAt(source, at, end);
            if (codePoint == LineFormat.INVALID) {
                throw new IllegalArgumentException("byte " + (at - start) + " starts no well-formed UTF-8");
            }
            int next = at + LineFormat.utf8Length(codePoint);
            char letter = LineFormat.escapeLetter(codePoint);
            if (letter != 0 || LineFormat.needsHex(codePoint)) {
                append(source, copied, at - copied);
                copied = next;
                appendEscape(codePoint, letter);
            }
            at = LineFormat.endOfPlain(source, next, end);
        }
        append(source, copied, end - copied);
    }

    /** As {@code text.write}, which asks the system for the layout of arrays each time. */
    private void append(byte[] source, int start, int length) {
        long at = text.writePosition();
        text.ensureCapacity(at + length);
        System.arraycopy(source, start, text.underlyingObject(), (int) at, length);
        text.writePosition(at + length);
    }

    private void appendEscape(int codePoint, char letter) {
        text.writeByte((byte) '\\');
        if (letter != 0) {
            text.writeByte((byte) letter);
            return;
        }
        text.writeByte((byte) 'u');
        for (int shift = 12; shift >= 0; shift -= 4) {
            text.writeByte(LineFormat.HEX[codePoint >> shift & 0xf]);
        }
    }
}
