package io.tenure.journal;

/**
 * Where the entries of one pair of files lie.
 *
 * @param firstIndex index of the first entry, or of the next one if there is none
 * @param baseOffset log-wide offset of the file's first byte
 * @param baseChecksum checksum of the last record before this pair
 * @param count number of entries
 * @param textBytes size of the text
 * @param checksum checksum of the last record up to the end of this pair
 */
record Segment(long firstIndex, long baseOffset, int baseChecksum, long count, long textBytes, int checksum) {
    /** Where the first pair starts. */
    static final Segment FIRST = new Segment(1, 0, 0, 0, 0, 0);

    long lastIndex() {
        return firstIndex + count - 1;
    }

    long endOffset() {
        return baseOffset + textBytes;
    }

    /** This pair grown by some entries. */
    Segment grownBy(long entries, long bytes, int lastChecksum) {
        return new Segment(firstIndex, baseOffset, baseChecksum, count + entries, textBytes + bytes, lastChecksum);
    }

    /** This pair cut to {@code entries} entries. */
    Segment cutTo(long entries, long bytes, int lastChecksum) {
        return new Segment(firstIndex, baseOffset, baseChecksum, entries, bytes, lastChecksum);
    }

    /** The empty pair that follows. */
    Segment next() {
        return new Segment(lastIndex() + 1, endOffset(), checksum, 0, 0, checksum);
    }
}
