package io.tenure.journal;

import io.tenure.entry.IndexRecord;
import io.tenure.entry.LineFormat;
import io.tenure.entry.LineParser;
import io.tenure.entry.MalformedLineException;
import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads one pair of files and judges every line by the rules of DESIGN.md, D4. Changes nothing.
 *
 * <p>A record proves something only if its checksum is right for the checksum stored before it and for the line it points
 * to, or, of the lines before its own, if its neighbour agrees. So proofs are local: one damaged line or record takes away no
 * proof but its own and its successor's, and what later records say of the damaged one counts.
 *
 * <p>A record can be missing or torn although its line was forced and acknowledged, because the ack path forces the text
 * only. Such a line is kept, without its tags. A record that is whole and does not fit its line says that the line is not
 * what was written.
 */
final class SegmentScan {
    /** What a scan tells as it goes. */
    interface Findings {
        /** A good entry. */
        void entry(long index, Entry entry, boolean recordLost) throws IOException;

        /** Rot of one entry; unless this throws, the scan goes on with the next one that is proven good. */
        void damage(long line, long index, String problem) throws IOException;
    }

    /**
     * How a scan ended.
     *
     * @param good the entries that are kept
     * @param lastTerm term of the last of them
     * @param firstLost first slot without a good record, {@code good.count()} if there is none
     * @param provenBytes bytes of the entries up to the mark
     * @param torn why the text was cut, null if it was not
     */
    record Result(Segment good, long lastTerm, long firstLost, long provenBytes, String torn) {}

    private final Segment start;
    private final DiskFile text;
    private final LineReader lines;
    private final RecordReader records;
    private final LineParser parser = new LineParser();
    private final IndexRecord record = new IndexRecord();

    private byte[] proofLine = new byte[1 << 12];
    private Entry entry;
    private boolean chainKnown = true;
    private boolean nothingProven;
    private long recordsForcedUpTo;

    /**
     * Prepares a scan.
     *
     * @param start where the pair starts; its counts are not looked at
     */
    SegmentScan(Segment start, DiskFile text, DiskFile index) throws IOException {
        this.start = start;
        this.text = text;
        this.lines = new LineReader(text);
        this.records = new RecordReader(index);
    }

    /** The entry before the pair is damaged, so nothing tells what the first record must chain over. */
    SegmentScan afterDamage() {
        chainKnown = false;
        return this;
    }

    /** Slots of the index file: the number of entries, if it is whole. */
    long slots() {
        return records.slots();
    }

    /**
     * The largest mark that is proven, 0 if none is: a good record proves its own; of two in a row whose lines are gone or
     * changed, but that go on from one another, each vouches for the other's, and the smaller one counts. What a record says of
     * earlier lines was true when it was written, whether or not its own line ever reached the disk; a part of it that did not
     * reads as zeros, which claim nothing. So no crash makes up a mark, and no single rotten record does.
     */
    long provenMark() throws IOException {
        long textSize = text.size();
        long proven = 0;
        long base = start.baseOffset();
        int previous = start.baseChecksum();
        long markBefore = 0;
        long endBefore = 0;
        for (long slot = 0; records.read(slot, record); slot++) {
            if (slot == 0 && record.length() > 0) {
                // Were an older pair lost, the records here would still prove it.
                base = record.offset();
            }
            boolean goesOn = slot > 0 && record.offset() == endBefore;
            long claimed = claimedMark(start.firstIndex() + slot);
            if (record.mark() > proven && isSealed(previous, record.offset() - base, textSize)) {
                proven = record.mark();
            } else if (goesOn) {
                proven = Math.max(proven, Math.min(markBefore, claimed));
            }
            previous = record.checksum();
            markBefore = claimed;
            endBefore = record.offset() + record.length();
        }
        return proven;
    }

    /** Mark of {@link #record}, 0 if it can't be the record of this entry. */
    private long claimedMark(long entryIndex) {
        boolean canBe = record.length() > 0
                && record.length() <= LineFormat.LINE_BYTES_MAX
                && record.offset() >= start.baseOffset()
                && record.mark() <= entryIndex;
        return canBe ? record.mark() : 0;
    }

    /** Reads a rolled pair: both files were forced, so whatever is not as it should be is damage. */
    Result readRolled(long termBefore, Findings findings) throws IOException {
        return readRolled(0, termBefore, findings);
    }

    /** Reads a rolled pair that must hold at least the entries up to {@code last}. */
    Result readRolled(long last, long termBefore, Findings findings) throws IOException {
        recordsForcedUpTo = Long.MAX_VALUE;
        return read(last, true, termBefore, findings);
    }

    /**
     * Reads the current pair.
     *
     * @param mark index up to which the text was forced
     * @param indexForced index up to which the records were forced, too
     * @param termBefore term of the entry before the first
     */
    Result readCurrent(long mark, long indexForced, long termBefore, Findings findings) throws IOException {
        recordsForcedUpTo = indexForced;
        return read(mark, false, termBefore, findings);
    }

    private Result read(long mark, boolean rolled, long termBefore, Findings findings) throws IOException {
        Segment good = start.cutTo(0, 0, start.baseChecksum());
        long term = termBefore;
        long firstLost = Long.MAX_VALUE;
        long provenBytes = 0;
        boolean chained = chainKnown;
        long markBefore = start.firstIndex() - 1;
        String problem = null;
        LineReader.Found found = lines.next();
        while (found != LineReader.Found.END) {
            long slot = good.count();
            long index = start.firstIndex() + slot;
            problem = found == LineReader.Found.BROKEN ? lines.problem() : parse(term);
            Fit fit = problem == null ? fit(slot, index, chained, good.checksum(), markBefore) : Fit.CONTRADICTS;
            if (problem == null) {
                problem = problemOf(fit, index <= recordsForcedUpTo);
            }
            if (problem != null && index > mark && !rolled) {
                break;
            }
            if (problem == null) {
                term = entry.term();
                findings.entry(index, entry, fit == Fit.LOST);
            } else {
                findings.damage(slot + 1, index, problem);
                problem = null;
                long proven = nextProven(slot + 1);
                firstLost = Math.min(firstLost, slot);
                if (proven > 0) {
                    good = skipTo(proven, good, findings);
                    markBefore = record.mark();
                } else {
                    good = start.cutTo(slot + 1, endOfDamaged(slot, found), checksumOf(slot));
                    lines.seek(good.textBytes());
                }
                chained = proven > 0;
                found = lines.next();
                continue;
            }
            chained = records.read(slot, record) && record.length() != 0;
            if (fit == Fit.GOOD) {
                markBefore = record.mark();
            } else {
                firstLost = Math.min(firstLost, slot);
            }
            good = good.grownBy(1, lines.length(), chained ? record.checksum() : 0);
            provenBytes = index <= mark ? good.textBytes() : provenBytes;
            problem = null;
            found = lines.next();
        }
        good = damageRest(rolled ? Math.max(mark, start.firstIndex() + slots() - 1) : mark, good, findings);
        return new Result(good, term, Math.min(firstLost, good.count()), provenBytes, problem);
    }

    /** First slot from {@code slot} on whose line and record prove each other, 0 if there is none. */
    private long nextProven(long slot) throws IOException {
        long textSize = text.size();
        for (long at = slot; !nothingProven && records.read(at - 1, record); at++) {
            int previous = record.checksum();
            if (records.read(at, record) && isSealed(previous, record.offset() - start.baseOffset(), textSize)) {
                return at;
            }
        }
        nothingProven = true;
        return 0;
    }

    /**
     * Where a damaged entry ends though no record proves what follows: the last lines may be there without records, and had been
     * acknowledged. A line that can be parsed ends where it ends; else its record tells, if that one can be believed.
     */
    private long endOfDamaged(long slot, LineReader.Found found) throws IOException {
        boolean isLine = found == LineReader.Found.LINE;
        boolean hasRecord = records.read(slot, record)
                && record.offset() == start.baseOffset() + lines.position()
                && record.length() > 0
                && record.length() <= text.size() - lines.position();
        if (hasRecord && !(isLine && parse(EntryId.NONE.term()) == null)) {
            return lines.position() + record.length();
        }
        return isLine ? lines.position() + lines.length() : text.size();
    }

    private int checksumOf(long slot) throws IOException {
        return records.read(slot, record) ? record.checksum() : 0;
    }

    /** Goes on at a proven slot; what lies between is damaged. Leaves the record before it in {@link #record}. */
    private Segment skipTo(long slot, Segment good, Findings findings) throws IOException {
        for (long between = good.count() + 1; between < slot; between++) {
            findings.damage(between + 1, start.firstIndex() + between, "damaged together with the one before");
        }
        records.read(slot, record);
        long position = record.offset() - start.baseOffset();
        lines.seek(position);
        records.read(slot - 1, record);
        return start.cutTo(slot, position, record.checksum());
    }

    /** The text is over; what should have been there up to {@code last} is missing. */
    private Segment damageRest(long last, Segment good, Findings findings) throws IOException {
        Segment rest = good;
        while (rest.lastIndex() < last) {
            findings.damage(rest.count() + 1, rest.lastIndex() + 1, "the file ends before this line");
            rest = rest.grownBy(1, 0, checksumOf(rest.count()));
        }
        return rest;
    }

    private static String problemOf(Fit fit, boolean recordForced) {
        return switch (fit) {
            case GOOD -> null;
            case LOST -> recordForced ? "its record in the index is gone" : null;
            case CONTRADICTS -> "the line is not what its record in the index was written for";
        };
    }

    /** How a line and its record get along. */
    private enum Fit {
        GOOD,
        /** There is no record, or only a part of one, or none that could be checked. */
        LOST,
        CONTRADICTS
    }

    /** Null if the line is good; leaves its entry, without tags, in {@link #entry}. */
    private String parse(long termBefore) {
        try {
            parser.parse(lines.bytes(), lines.start(), lines.length());
        } catch (MalformedLineException e) {
            return e.getMessage();
        }
        entry = parser.entry(Entry.NO_SESSION, 0);
        return entry.term() < termBefore
                ? "its term " + entry.term() + " is below " + termBefore + ", the one before"
                : null;
    }

    private Fit fit(long slot, long index, boolean chained, int previous, long markBefore) throws IOException {
        if (!records.read(slot, record)) {
            return Fit.LOST;
        }
        boolean fits = record.offset() == start.baseOffset() + lines.position()
                && record.length() == lines.length()
                && record.keyHash() == entry.keyHash()
                && record.mark() <= index;
        if (fits && chained && record.isSealed(previous, lines.bytes(), lines.start())) {
            entry = parser.entry(record.session(), record.number());
            return Fit.GOOD;
        }
        if (fits && !chained) {
            return Fit.LOST;
        }
        boolean isWrite = entry.kind() == Entry.Kind.WRITE;
        boolean sameLine = record.length() == lines.length();
        boolean torn = record.length() == 0
                || (sameLine && record.isTorn(previous, markBefore, lines.bytes(), lines.start(), isWrite, index));
        return torn ? Fit.LOST : Fit.CONTRADICTS;
    }

    /** Whether {@link #record} is right for the line at {@code position}. */
    private boolean isSealed(int previous, long position, long textSize) throws IOException {
        int length = record.length();
        if (length <= 0 || length > LineFormat.LINE_BYTES_MAX || position < 0 || position > textSize - length) {
            return false;
        }
        if (proofLine.length < length) {
            proofLine = new byte[length * 2];
        }
        LineReader.readFully(text, position, ByteBuffer.wrap(proofLine, 0, length));
        return record.isSealed(previous, proofLine, 0);
    }
}
