package io.tenure.sim;

import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import io.tenure.raft.RaftLog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * A node's log as it was when the god last looked, to tell what changed since. Entries are compared by identity, from the
 * end: a log changes by truncation and appending only, so below the last entry that is still there nothing has changed. Of
 * what only a snapshot holds, the god knows from others what it was.
 */
final class LogMirror {
    /** Index 0 stands before the first. An entry is null if it was out of the core's memory when it was first seen. */
    private final List<Entry> entries = new ArrayList<>();

    private final List<Long> terms = new ArrayList<>();
    /** Where in the text of the log, all segments together, the line of an index ends; unknown after a null. */
    private final List<Long> ends = new ArrayList<>();

    LogMirror() {
        entries.add(null);
        terms.add(-1L);
        ends.add(0L);
    }

    long lastIndex() {
        return entries.size() - 1L;
    }

    long term(long index) {
        return terms.get((int) index);
    }

    /** The entry, or null if it is not in memory. */
    Entry entry(long index) {
        return entries.get((int) index);
    }

    /** Where the line of the entry begins in the text of the whole log; -1 if that is unknown. */
    long begin(long index) {
        return ends.get((int) index - 1);
    }

    /** Where the line of the entry ends; -1 if that is unknown. */
    long end(long index) {
        return ends.get((int) index);
    }

    /**
     * Looks again.
     *
     * @param committed what any node has committed: all that snapshots are made of
     * @param startOffset where in the text of the whole log the files begin, if the log was replaced by a snapshot
     * @return the first index whose entry is new; {@code lastIndex() + 1} if none is
     */
    long update(RaftLog log, Committed committed, LongSupplier startOffset) {
        long same = firstChanged(log) - 1;
        EntryId base = log.base();
        if (base.index() > 0 && (base.index() > lastIndex() || term(base.index()) != base.term())) {
            same = Math.min(same, sameAs(committed, base.index()));
            truncateAfter(same);
            takeOver(committed, base, startOffset.getAsLong());
        } else {
            truncateAfter(same);
        }
        for (long index = lastIndex() + 1; index <= log.lastIndex(); index++) {
            Entry entry = index >= log.firstInWindow() ? log.entry(index) : null;
            entries.add(entry);
            terms.add(log.term(index));
            long begin = begin(index);
            ends.add(entry == null || begin < 0 ? -1 : begin + entry.length());
        }
        return same + 1;
    }

    /** First index at which the log differs from what was seen; does not take it in. */
    long firstChanged(RaftLog log) {
        long same = Math.min(lastIndex(), log.lastIndex());
        while (same > 0 && same >= log.firstInWindow() && entry(same) != log.entry(same)) {
            same--;
        }
        return same + 1;
    }

    /** The last index up to which another log equals this one. */
    long sameUpTo(LogMirror other) {
        long index = 0;
        long last = Math.min(lastIndex(), other.lastIndex());
        while (index < last
                && term(index + 1) == other.term(index + 1)
                && RaftInvariants.LogMatching.isSame(entry(index + 1), other.entry(index + 1))) {
            index++;
        }
        return index;
    }

    private long sameAs(Committed committed, long indexMax) {
        long same = 0;
        while (same < Math.min(indexMax, Math.min(lastIndex(), committed.lastIndex()))
                && term(same + 1) == committed.get(same + 1).term()) {
            same++;
        }
        return same;
    }

    private void takeOver(Committed committed, EntryId base, long startOffset) {
        if (base.index() > committed.lastIndex() || committed.get(base.index()).term() != base.term()) {
            throw new Violation("SnapshotIsCommitted", "a snapshot ends at " + base + ", which nobody has committed");
        }
        for (long index = lastIndex() + 1; index <= base.index(); index++) {
            Committed.Item item = committed.get(index);
            entries.add(item.entry());
            terms.add(item.term());
            ends.add(-1L);
        }
        // Of the files that these lines stood in, none is left.
        Collections.fill(ends, -1L);
        ends.set((int) base.index(), startOffset);
    }

    private void truncateAfter(long index) {
        for (int last = entries.size() - 1; last > index; last--) {
            entries.remove(last);
            terms.remove(last);
            ends.remove(last);
        }
    }
}
