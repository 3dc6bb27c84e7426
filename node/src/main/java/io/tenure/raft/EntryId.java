package io.tenure.raft;

/**
 * Position of an entry: its index and the term of the leader that made it (Raft paper, section 5.3). Two logs that hold
 * the same id agree on everything up to it (Log Matching).
 *
 * @param index 1-based; 0 stands before the first entry
 * @param term term of the entry; -1 before the first entry, as the first leader's term is 0
 */
public record EntryId(long index, long term) {
    /** The position before the first entry. */
    public static final EntryId NONE = new EntryId(0, -1);

    /** Whether a log that ends here is at least as up-to-date as one that ends at {@code other} (paper, 5.4.1). */
    public boolean isAtLeastAsUpToDateAs(EntryId other) {
        return term != other.term ? term > other.term : index >= other.index;
    }
}
