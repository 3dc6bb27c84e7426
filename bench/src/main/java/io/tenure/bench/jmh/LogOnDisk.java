package io.tenure.bench.jmh;

import io.tenure.journal.Identity;
import io.tenure.journal.Journal;
import io.tenure.journal.JournalLimits;
import io.tenure.raft.Entry;
import io.tenure.raft.HardState;
import io.tenure.raft.Persist;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** A node's journal, written to as the log stage does: one group, one write, one force. Confined to one thread. */
final class LogOnDisk implements AutoCloseable {
    private final CountingDisk disk = new CountingDisk();
    private final Journal journal;
    private long seq;

    /**
     * Makes one in a folder of its own.
     *
     * @param node whose it is
     */
    LogOnDisk(Path folder, Identity node) {
        journal = Journal.open(
                disk,
                folder.toString(),
                node,
                JournalLimits.DEFAULT,
                new SplittableRandom(1),
                (index, entry, committed, tagLost) -> {});
        HardState voted = HardState.INITIAL.inTerm(Writes.TERM);
        write(new Persist(++seq, voted, 0, journal.lastIndex() + 1, List.of(), null));
    }

    /** Appends; the entries are durable when this returns. */
    void append(List<Entry> entries) {
        write(new Persist(++seq, null, 0, journal.lastIndex() + 1, entries, null));
    }

    private void write(Persist persist) {
        if (!journal.write(List.of(persist))) {
            throw new IllegalStateException("the disk is full");
        }
    }

    /** Notes that all entries are committed, as at the stop of a node. */
    void noteAllCommitted() {
        journal.noteCommit(journal.lastIndex());
    }

    /** Forces so far. */
    long forces() {
        return disk.forces();
    }

    @Override
    public void close() {
        journal.close();
    }
}
