package io.tenure.journal;

import io.tenure.raft.EntryId;

/**
 * Where the log files begin.
 *
 * @param base position of the last entry that is in none of them
 * @param offset log-wide offset of the first byte that is left
 * @param checksum checksum of the last record that is gone, which the first one left chains over
 */
record LogStart(EntryId base, long offset, int checksum) {
    /** Nothing is gone. */
    static final LogStart FIRST = new LogStart(EntryId.NONE, 0, 0);

    /** A log that begins anew after a snapshot. */
    static LogStart after(EntryId snapshot) {
        return new LogStart(snapshot, 0, 0);
    }

    /** The empty pair that begins here. */
    Segment segment() {
        return new Segment(base.index() + 1, offset, checksum, 0, 0, checksum);
    }
}
