package io.tenure.journal;

import io.tenure.entry.IndexRecord;
import io.tenure.entry.LineFormat;
import io.tenure.entry.LineParser;
import io.tenure.entry.MalformedLineException;
import io.tenure.raft.Entry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * An entry of a peer that takes the place of a damaged one.
 *
 * @param entry with the tags that its record had, if that could be found out
 * @param mark of its record
 * @param checksum of its record
 * @param endOffset log-wide, where its line ends
 * @param proven whether a checksum of this folder says that it is what stood here
 */
record Replacement(Entry entry, long mark, int checksum, long endOffset, boolean proven) {
    /** Marks tried for a record whose own is lost. */
    private static final int MARKS_MAX = 4096;

    /** What is known of the place of a damaged entry. */
    static final class Place {
        private final PairScan pair;
        private final long index;
        private final IndexRecord own = new IndexRecord();
        private final IndexRecord next = new IndexRecord();
        private final boolean hasOwn;
        private final byte[] nextLine;
        private final boolean nextIsDamaged;
        private final long offset;
        private final int previousChecksum;
        private final long previousMark;

        /**
         * Looks at a place.
         *
         * @param nextPair the pair that follows, or null
         * @param before what stands in the place of the entry before, if that one was damaged, too; or null
         */
        Place(Disk disk, PairScan pair, PairScan nextPair, long index, Replacement before) throws IOException {
            this.pair = pair;
            this.index = index;
            hasOwn = pair.readRecord(index, own);
            PairScan holder = pair.holds(index + 1) || nextPair == null ? pair : nextPair;
            nextIsDamaged = holder.damage.contains(index + 1);
            nextLine = holder.readRecord(index + 1, next) ? lineOf(disk, holder, next) : null;
            IndexRecord previous = new IndexRecord();
            boolean isFirst = index == pair.start.firstIndex();
            boolean hasPrevious = !isFirst && pair.readRecord(index - 1, previous);
            if (before != null) {
                offset = before.endOffset();
                previousChecksum = before.checksum();
                previousMark = before.mark();
            } else {
                offset = isFirst
                        ? pair.start.baseOffset()
                        : hasPrevious ? previous.offset() + previous.length() : own.offset();
                previousChecksum = isFirst ? pair.start.baseChecksum() : previous.checksum();
                previousMark = isFirst ? index - 1 : Math.max(0, previous.mark());
            }
        }

        /** The replacement that a checksum proves; null if none does. */
        Replacement prove(Entry offered) {
            if (hasOwn
                    && own.length() == offered.length()
                    && own.isSealed(previousChecksum, offered.bytes(), offered.offset())) {
                Entry entry = tagged(offered, own.session(), own.number());
                return replacement(entry, own.mark(), own.checksum(), true);
            }
            if (!hasOwn && nextLine == null) {
                return null; // Nothing is left that could prove anything.
            }
            long markMax = markMax();
            for (Entry entry : List.of(
                    offered, tagged(offered, Entry.NO_SESSION, 0), tagged(offered, own.session(), own.number()))) {
                Replacement found = isProven(entry, hasOwn ? own.mark() : previousMark);
                for (long mark = previousMark;
                        found == null && mark <= markMax && mark - previousMark < MARKS_MAX;
                        mark++) {
                    found = isProven(entry, mark);
                }
                if (found != null) {
                    return found;
                }
            }
            return null;
        }

        /** What stands here already, if it is good after the replacement before it; null if it is not. */
        Replacement proveOwn(Disk disk) throws IOException {
            byte[] line = hasOwn ? lineOf(disk, pair, own) : null;
            if (line == null || !own.isSealed(previousChecksum, line, 0)) {
                return null;
            }
            LineParser parser = new LineParser();
            try {
                parser.parse(line, 0, line.length);
            } catch (MalformedLineException e) {
                return null;
            }
            return replacement(parser.entry(own.session(), own.number()), own.mark(), own.checksum(), true);
        }

        /** What is taken on a peer's word that it is committed. */
        Replacement trust(Entry offered) {
            long mark = Math.min(previousMark, index);
            return replacement(offered, mark, seal(offered, mark), false);
        }

        /**
         * Whether a committed entry, which nothing proves, is certainly not the one that stood here: the record here is whole, by
         * all that surrounds it, and was written for another one. Only if the entry before is good.
         */
        boolean isOther(Entry committed, Entry committedNext) {
            boolean whole = hasOwn
                    && nextLine != null
                    && !nextIsDamaged
                    && own.offset() == offset
                    && own.offset() + own.length() == next.offset()
                    && own.mark() >= previousMark
                    && own.mark() <= next.mark();
            if (!whole) {
                return false;
            }
            if (committedNext != null && isSameLine(committedNext)) {
                // Logs that agree on an entry agree on all before.
                return false;
            }
            boolean otherTags = own.session() != committed.session() || own.number() != committed.number();
            boolean otherLine = own.length() != committed.length() || own.keyHash() != committed.keyHash();
            boolean allMarksTried = markMax() - previousMark < MARKS_MAX;
            return otherLine || (!otherTags && allMarksTried);
        }

        private long markMax() {
            return nextLine == null ? index : Math.min(index, Math.max(next.mark(), previousMark));
        }

        private Replacement replacement(Entry entry, long mark, int checksum, boolean proven) {
            return new Replacement(entry, mark, checksum, offset + entry.length(), proven);
        }

        private boolean isSameLine(Entry other) {
            return nextLine.length == other.length()
                    && ByteBuffer.wrap(nextLine).equals(ByteBuffer.wrap(other.bytes(), other.offset(), other.length()));
        }

        private Replacement isProven(Entry entry, long mark) {
            int checksum = seal(entry, mark);
            boolean byOwn = hasOwn && own.checksum() == checksum;
            boolean byNext = nextLine != null && next.isSealed(checksum, nextLine, 0);
            return byOwn || byNext ? replacement(entry, mark, checksum, true) : null;
        }

        private int seal(Entry entry, long mark) {
            IndexRecord made = new IndexRecord();
            made.set(offset, entry.length(), entry.session(), entry.number(), entry.keyHash(), mark);
            return made.seal(previousChecksum, entry.bytes(), entry.offset());
        }

        /** Null if the record can't be of a line that is there. */
        private static byte[] lineOf(Disk disk, PairScan pair, IndexRecord record) throws IOException {
            try (DiskFile lines = NoFile.orOpen(disk, pair.text)) {
                long position = record.offset() - pair.start.baseOffset();
                int length = record.length();
                boolean isThere = length > 0
                        && length <= LineFormat.LINE_BYTES_MAX
                        && position >= 0
                        && position <= lines.size() - length;
                if (!isThere) {
                    return null;
                }
                byte[] line = new byte[length];
                LineReader.readFully(lines, position, ByteBuffer.wrap(line));
                return line;
            }
        }

        private static Entry tagged(Entry entry, long session, long number) {
            return new Entry(
                    entry.kind(),
                    entry.term(),
                    entry.keyHash(),
                    session,
                    number,
                    entry.bytes(),
                    entry.offset(),
                    entry.length());
        }
    }
}
