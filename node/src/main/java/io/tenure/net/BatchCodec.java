package io.tenure.net;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.tenure.protocol.Limits;
import io.tenure.protocol.proto.Batch;
import io.tenure.raft.Entry;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
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

    /** Of an entry in the tags: end of the line, key hash, session, number. */
    static final int TAG_BYTES = Integer.BYTES + 3 * Long.BYTES;

    private static final int KEY_HASH = 4;
    private static final int SESSION = 12;
    private static final int NUMBER = 20;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private BatchCodec() {}

    /** The batch of {@code entries}, at least one. */
    static Batch encode(List<Entry> entries) {
        Batch.Builder batch = Batch.newBuilder();
        boolean oneTerm =
                entries.get(0).term() == entries.get(entries.size() - 1).term();
        if (oneTerm) {
            batch.addTerms(entries.get(0).term());
        } else {
            entries.forEach(entry -> batch.addTerms(entry.term()));
        }
        byte[] tags = new byte[entries.size() * TAG_BYTES];
        int end = 0;
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            end += entry.length();
            putTag(tags, i, end, entry.keyHash(), entry.session(), entry.number());
        }
        return batch.setText(text(entries))
                .setTags(UnsafeByteOperations.unsafeWrap(tags))
                .setChecksum(checksum(entries, tags))
                .build();
    }

    static void putTag(byte[] tags, int i, int lineEnd, long keyHash, long session, long number) {
        int at = i * TAG_BYTES;
        INTS.set(tags, at, lineEnd);
        LONGS.set(tags, at + KEY_HASH, keyHash);
        LONGS.set(tags, at + SESSION, session);
        LONGS.set(tags, at + NUMBER, number);
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
        Bytes tags = Bytes.in(batch.getTags());
        int count = checkedCount(batch);
        Bytes bytes = Bytes.in(batch.getText());
        byte[] text = bytes.array();
        int base = bytes.offset();
        int length = bytes.end() - base;
        List<Entry> entries = new ArrayList<>(count);
        long term = termMin;
        int start = base;
        for (int i = 0; i < count; i++) {
            int tag = tags.offset() + i * TAG_BYTES;
            int lineEnd = (int) INTS.get(tags.array(), tag);
            if (lineEnd <= start - base || lineEnd > length) {
                throw malformed(
                        i,
                        "line end " + Integer.toUnsignedString(lineEnd) + " is not in " + (start - base + 1) + ".."
                                + length);
            }
            int end = base + lineEnd;
            long ofEntry = batch.getTerms(batch.getTermsCount() == 1 ? 0 : i);
            if (ofEntry < Math.max(term, 0) || ofEntry > termMax) {
                throw malformed(i, "term " + ofEntry + " is not in " + Math.max(term, 0) + ".." + termMax);
            }
            term = ofEntry;
            entries.add(entry(i, tags.array(), tag, term, text, start, end));
            start = end;
        }
        if (start != bytes.end()) {
            throw malformed("the last line ends at " + (start - base) + ", the text at " + length);
        }
        checkChecksum(batch, bytes, tags);
        return entries;
    }

    private static int checksum(List<Entry> entries, byte[] tags) {
        CRC32C crc = new CRC32C();
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
        }
        crc.update(bytes, from, to - from);
        crc.update(tags);
        return (int) crc.getValue();
    }

    /** Of all that is carried without being looked at. */
    private static void checkChecksum(Batch batch, Bytes text, Bytes tags) throws MalformedFrameException {
        CRC32C crc = new CRC32C();
        crc.update(text.array(), text.offset(), text.end() - text.offset());
        crc.update(tags.array(), tags.offset(), tags.end() - tags.offset());
        if ((int) crc.getValue() != batch.getChecksum()) {
            throw malformed("the checksum is wrong");
        }
    }

    private static int checkedCount(Batch batch) throws MalformedFrameException {
        int bytes = batch.getTags().size();
        if (bytes % TAG_BYTES != 0) {
            throw malformed("tags of " + bytes + " bytes; an entry has " + TAG_BYTES);
        }
        int count = bytes / TAG_BYTES;
        if (count == 0 || count > Limits.BATCH_ENTRIES_MAX) {
            throw malformed(count + " entries; 1.." + Limits.BATCH_ENTRIES_MAX + " are allowed");
        }
        if (batch.getTermsCount() != 1 && batch.getTermsCount() != count) {
            throw malformed(batch.getTermsCount() + " terms for " + count + " entries");
        }
        return count;
    }

    private static Entry entry(int i, byte[] tags, int tag, long term, byte[] text, int start, int end)
            throws MalformedFrameException {
        long keyHash = (long) LONGS.get(tags, tag + KEY_HASH);
        long session = (long) LONGS.get(tags, tag + SESSION);
        long number = (long) LONGS.get(tags, tag + NUMBER);
        boolean noOp = keyHash == 0;
        checkLine(i, text, start, end, term, noOp);
        if (noOp && session != Entry.NO_SESSION) {
            throw malformed(i, "a NO-OP with a session");
        }
        if (session == Entry.NO_SESSION ? number != 0 : number <= 0) {
            throw malformed(
                    i, "number " + Long.toUnsignedString(number) + " with session " + Long.toHexString(session));
        }
        Entry.Kind kind = noOp ? Entry.Kind.NO_OP : Entry.Kind.WRITE;
        return new Entry(kind, term, keyHash, session, number, text, start, end - start);
    }

    /** Looks at both ends of a line only: what lies between was written by the leader's encoder and is carried. */
    private static void checkLine(int i, byte[] text, int start, int end, long term, boolean noOp)
            throws MalformedFrameException {
        if (text[end - 1] != '\n') {
            throw malformed(i, "the line does not end in a line feed");
        }
        if (startsWithNoOp(text, start, end) != noOp) {
            throw malformed(i, noOp ? "a write without a key hash" : "a NO-OP with a key hash");
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
