package io.tenure.journal;

import io.tenure.raft.Entry;

/** Sees the entries of a journal in order while it is opened; fills the state machine and the table of sessions. */
@FunctionalInterface
public interface EntryVisitor {
    /**
     * Takes one entry.
     *
     * @param committed whether it is known to be committed; entries that are come before entries that are not
     * @param tagLost whether session and number of this write were lost in a power failure (DESIGN.md, D6)
     */
    void visit(long index, Entry entry, boolean committed, boolean tagLost);
}
