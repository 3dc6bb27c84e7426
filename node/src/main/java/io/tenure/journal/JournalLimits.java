package io.tenure.journal;

/**
 * Limits of a journal.
 *
 * @param segmentBytes size of {@code logs.txt} past which it is rolled to {@code logs-<first index>.txt}
 * @param windowBytesMax bytes that committed entries which recovery leaves in the core's window take there
 */
public record JournalLimits(long segmentBytes, long windowBytesMax) {
    /** What a node uses unless its settings say otherwise. */
    public static final JournalLimits DEFAULT = new JournalLimits(256L << 20, 64L << 20);
}
