package io.tenure.journal;

import io.tenure.raft.Entry;
import io.tenure.raft.Persist;
import java.util.List;
import java.util.random.RandomGenerator;

/** Public interface; bodies follow. */
@SuppressWarnings("DoNotCallSuggester")
public final class Journal implements AutoCloseable {
    private Journal() {}

    /** Opens. */
    public static Journal open(
            Disk disk,
            String folder,
            Identity identity,
            JournalLimits limits,
            RandomGenerator random,
            EntryVisitor visitor) {
        throw new UnsupportedOperationException();
    }

    /** What was there. */
    public Recovery recovery() {
        throw new UnsupportedOperationException();
    }

    /** Applies in order; returns when all of it is durable. */
    public void write(List<Persist> persists) {
        throw new UnsupportedOperationException();
    }

    /** Reads. */
    public List<Entry> read(long firstIndex, int bytesMax) {
        throw new UnsupportedOperationException();
    }

    /** Index of the last entry, which is durable. */
    public long lastIndex() {
        throw new UnsupportedOperationException();
    }

    /** Commit length noted last. */
    public long notedCommit() {
        throw new UnsupportedOperationException();
    }

    /** Notes. */
    public void noteCommit(long commitIndex) {
        throw new UnsupportedOperationException();
    }

    /** Whether. */
    public boolean hasUnforcedIndex() {
        throw new UnsupportedOperationException();
    }

    /** Forces. */
    public void forceIndex() {
        throw new UnsupportedOperationException();
    }

    /** Whether. */
    public boolean hasFailed() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
