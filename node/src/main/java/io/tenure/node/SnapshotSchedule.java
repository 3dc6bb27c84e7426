package io.tenure.node;

import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import java.util.List;

/**
 * When the next snapshot of this node's own is due: after so much log was committed since the last one, and no less than the
 * last one's size, so that writing snapshots costs no more than writing the log. One at a time. Confined to the raft agent's
 * thread.
 */
final class SnapshotSchedule {
    private final long everyLogBytes;
    private long committedBytes;
    private long snapshotBytes;
    private EntryId ordered;

    /**
     * Begins to count.
     *
     * @param everyLogBytes bytes of log committed between two snapshots
     * @param committedBytes bytes of log committed since the last one, as recovery found them
     */
    SnapshotSchedule(long everyLogBytes, long committedBytes) {
        this.everyLogBytes = everyLogBytes;
        this.committedBytes = committedBytes;
    }

    /** Counts entries that are committed now; whether a snapshot is due after them. */
    boolean isDue(List<Entry> committed) {
        for (Entry entry : committed) {
            committedBytes += entry.length();
        }
        return ordered == null && !committed.isEmpty() && committedBytes >= Math.max(everyLogBytes, snapshotBytes);
    }

    /** One is being written. */
    void onOrdered(EntryId last) {
        ordered = last;
        committedBytes = 0;
    }

    /** One was written, or given up ({@code bytes} 0): then the next is due after the usual time. */
    void onWritten(EntryId last, long bytes) {
        if (last.equals(ordered)) {
            ordered = null;
            snapshotBytes = bytes > 0 ? bytes : snapshotBytes;
        }
    }

    /** A leader's snapshot has replaced everything. */
    void onInstalled() {
        ordered = null;
        committedBytes = 0;
    }
}
