package io.tenure.net;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.tenure.protocol.Limits;
import io.tenure.protocol.proto.Batch;
import io.tenure.raft.Entry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Entries in a row as one text with tags beside it, and back (DESIGN.md, D3). Entries that lie one after the other in an
 * array leave as one slice of it; what arrives becomes entries over one array.
 */
final class BatchCodec {
    private static final byte[] NO_OP = "NO-OP ".getBytes(StandardCharsets.US_ASCII);

    /** Of an entry in the checksum: key hash, session, number. */
    private static final int TAG_BYTES = 3 * Long.BYTES;

    private BatchCodec() {}

    /** The batch of {@code entries}, at least one. */
    static Batch encode(List<Entry> entries) {
        Batch.Builder batch = Batch.newBuilder();
        boolean oneTerm =
                entries.get(0).term() == entries.get(entries.size() - 1).term();
        if (oneTerm) {
            batch.addTerms(entries.get(0).term());
        }
        int end = 0;
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            end += entry.length();
            batch.addLineEnds(end).addKeyHashes(entry.keyHash());
            batch.addSessions(entry.session()).addNumbers(entry.number());
            if (!oneTerm) {
                batch.addTerms(entry.term());
            }
            if (entry.kind() == Entry.Kind.NO_OP) {
                batch.addNoOps(i);
            }
        }
        return batch.setText(text(entries)).setChecksum(checksum(entries)).build();
    }

    private static ByteString text(List<Entry> entries) {
        List<ByteString> slices = new ArrayList<>();
        byte[] bytes = null;
        int from = 0;
        int to = 0;
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (entry.bytes() != bytes || entry.offset() != to) {
                if (bytes != null) {
                    slices.add(UnsafeByteOperations.unsafeWrap(bytes, from, to - from));
                }
                bytes = entry.bytes();
                from = entry.offset();
            }
            to = entry.offset() + entry.length();
        }
        ByteString last = UnsafeByteOperations.unsafeWrap(bytes, from, to - from);
        if (slices.isEmpty()) {
            return last;
        }
        slices.add(last);
        return ByteString.copyFrom(slices);
    }

    /**
     * The entries of {@code batch}.
     *
     * @param termMin term of the entry before the first
     * @param termMax term of the message
     * @throws MalformedFrameException if the batch contradicts itself or these terms
     */
    static List<Entry> decode(Batch batch, long termMin, long termMax) throws MalformedFrameException {
        int count = batch.getLineEndsCount();
        checkCounts(batch, count);
        byte[] text = Bytes.of(batch.getText());
        List<Entry> entries = new ArrayList<>(count);
        long term = termMin;
        int start = 0;
        int noOps = 0;
        for (int i = 0; i < count; i++) {
            int end = batch.getLineEnds(i);
            if (end <= start || end > text.length) {
                throw malformed(
                        i,
                        "line end " + Integer.toUnsignedString(end) + " is not in " + (start + 1) + ".." + text.length);
            }
            long ofEntry = batch.getTerms(batch.getTermsCount() == 1 ? 0 : i);
            if (ofEntry < Math.max(term, 0) || ofEntry > termMax) {
                throw malformed(i, "term " + ofEntry + " is not in " + Math.max(term, 0) + ".." + termMax);
            }
            term = ofEntry;
            boolean noOp = noOps < batch.getNoOpsCount() && batch.getNoOps(noOps) == i;
            noOps += noOp ? 1 : 0;
            checkLine(i, text, start, end, term, noOp);
            entries.add(entry(batch, i, noOp, term, text, start, end - start));
            start = end;
        }
        if (start != text.length) {
            throw malformed("the last line ends at " + start + ", the text at " + text.length);
        }
        if (noOps != batch.getNoOpsCount()) {
            throw malformed("no_ops are not increasing positions in 0.." + (count - 1));
        }
        if (checksum(entries) != batch.getChecksum()) {
            throw malformed("the checksum is wrong");
        }
        return entries;
    }

    /** Of all that is carried without being looked at. */
    static int checksum(List<Entry> entries) {
        CRC32C crc = new CRC32C();
        ByteBuffer tags = ByteBuffer.allocate(entries.size() * TAG_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        byte[] bytes = entries.get(0).bytes();
        int from = entries.get(0).offset();
        int to = from;
        for (Entry entry : entries) {
            if (entry.bytes() != bytes || entry.offset() != to) {
                crc.update(bytes, from, to - from);
                bytes = entry.bytes();
                from = entry.offset();
            }
            to = entry.offset() + entry.length();
            tags.putLong(entry.keyHash()).putLong(entry.session()).putLong(entry.number());
        }
        crc.update(bytes, from, to - from);
        crc.update(tags.array());
        return (int) crc.getValue();
    }

    private static void checkCounts(Batch batch, int count) throws MalformedFrameException {
        if (count == 0 || count > Limits.BATCH_ENTRIES_MAX) {
            throw malformed(count + " entries; 1.." + Limits.BATCH_ENTRIES_MAX + " are allowed");
        }
        checkCount("key_hashes", batch.getKeyHashesCount(), count);
        checkCount("sessions", batch.getSessionsCount(), count);
        checkCount("numbers", batch.getNumbersCount(), count);
        if (batch.getTermsCount() != 1) {
            checkCount("terms", batch.getTermsCount(), count);
        }
    }

    private static void checkCount(String field, int found, int count) throws MalformedFrameException {
        if (found != count) {
            throw malformed(found + " " + field + " for " + count + " entries");
        }
    }

    private static Entry entry(Batch batch, int i, boolean noOp, long term, byte[] text, int start, int length)
            throws MalformedFrameException {
        long keyHash = batch.getKeyHashes(i);
        long session = batch.getSessions(i);
        long number = batch.getNumbers(i);
        if (noOp != (keyHash == 0)) {
            throw malformed(i, noOp ? "a NO-OP with a key hash" : "a write without a key hash");
        }
        if (noOp && session != Entry.NO_SESSION) {
            throw malformed(i, "a NO-OP with a session");
        }
        if (session == Entry.NO_SESSION ? number != 0 : number <= 0) {
            throw malformed(
                    i, "number " + Long.toUnsignedString(number) + " with session " + Long.toHexString(session));
        }
        Entry.Kind kind = noOp ? Entry.Kind.NO_OP : Entry.Kind.WRITE;
        return new Entry(kind, term, keyHash, session, number, text, start, length);
    }

    /** Looks at both ends of a line only: what lies between was written by the leader's encoder and is carried. */
    private static void checkLine(int i, byte[] text, int start, int end, long term, boolean noOp)
            throws MalformedFrameException {
        if (text[end - 1] != '\n') {
            throw malformed(i, "the line does not end in a line feed");
        }
        if (startsWithNoOp(text, start, end) != noOp) {
            throw malformed(i, noOp ? "not the line of a NO-OP" : "the line of a NO-OP that no_ops does not name");
        }
        if (!endsWithTerm(text, start, end - 1, term)) {
            throw malformed(i, "the line does not end in term " + term);
        }
    }

    private static boolean startsWithNoOp(byte[] text, int start, int end) {
        if (end - start <= NO_OP.length) {
            return false;
        }
        for (int i = 0; i < NO_OP.length; i++) {
            if (text[start + i] != NO_OP[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean endsWithTerm(byte[] text, int start, int end, long term) {
        int at = end - 1;
        long rest = term;
        do {
            if (at <= start || text[at] != '0' + rest % 10) {
                return false;
            }
            at--;
            rest /= 10;
        } while (rest > 0);
        return text[at] == ' ';
    }

    private static MalformedFrameException malformed(int i, String problem) {
        return malformed("entry " + i + ": " + problem);
    }

    private static MalformedFrameException malformed(String problem) {
        return new MalformedFrameException("batch: " + problem);
    }
}
