package io.tenure.journal;

import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import io.tenure.raft.Message;
import java.io.IOException;

/**
 * Whether a damaged log agrees with a peer's log at an entry that is committed there. By Log Matching (Raft, 5.3) two logs with
 * the same term at an index are the same up to there; so what stands around the damaged entry tells, if it is known.
 */
enum Agreement {
    /** The committed entry stood here, or this log keeps being damaged if it is put here and did not. */
    AGREES,
    /** Nothing tells. */
    UNKNOWN,
    /** Nothing from here on was ever committed. */
    CONTRADICTS;

    /**
     * Compares.
     *
     * @param replaced what stands in the place of other damaged entries
     * @param peer holds the entry at {@code index}, which is damaged here
     */
    static Agreement at(long index, FolderScan scan, Replacements replaced, Message.RepairEntries peer)
            throws IOException {
        if (index <= scan.committed()) {
            return AGREES;
        }
        boolean canCut = scan.damagedPair(index - 1) == null;
        long nextTerm = termAt(index + 1, scan, replaced);
        if (nextTerm == EntryId.NONE.term()) {
            return before(index, canCut, scan, replaced, peer);
        }
        long term = peer.at(index).term();
        Entry peerNext = peer.at(index + 1);
        if (nextTerm < term) {
            // The entry after it was written before the committed one was. Put beside it, it is found damaged next.
            return canCut ? CONTRADICTS : before(index, false, scan, replaced, peer);
        }
        // The leader of that term has written both, or both logs have the next one from the same leader.
        boolean sameNext = nextTerm == term || (peerNext != null && peerNext.term() == nextTerm);
        return sameNext ? AGREES : UNKNOWN;
    }

    private static Agreement before(
            long index, boolean canCut, FolderScan scan, Replacements replaced, Message.RepairEntries peer)
            throws IOException {
        if (index - 1 <= scan.committed()) {
            return AGREES;
        }
        long own = termAt(index - 1, scan, replaced);
        long peers = peer.termBefore(index);
        if (own == EntryId.NONE.term() || peers == EntryId.NONE.term()) {
            return UNKNOWN;
        }
        return own == peers ? AGREES : canCut ? CONTRADICTS : UNKNOWN;
    }

    private static long termAt(long index, FolderScan scan, Replacements replaced) throws IOException {
        Replacement replacement = replaced.get(index);
        if (replacement != null) {
            return replacement.entry().term();
        }
        EntryId base = scan.metadata.logStart().base();
        boolean isDamaged = scan.damagedPair(index) != null;
        return index == base.index() ? base.term() : isDamaged ? EntryId.NONE.term() : scan.termAt(index);
    }
}
