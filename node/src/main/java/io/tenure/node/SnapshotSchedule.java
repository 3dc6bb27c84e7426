package io.tenure.node;

import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import java.util.List;

/**
 * When the next snapshot of this node's own is due: after so much log was committed since the last one, and no less than the
 * last one's size, so that writing snapshots costs no more than writing the log. The first one, and the first after another
 * node's was installed, is put off by a share of that which no other member has: all have the same log, and would write at
 * once, when no majority was left that is free of it. One at a time, whatever happens: until the log
 * stage has said what became of the one that was ordered, {@code snapshot.tmp} is its file, and a second one would be written over
 * it. Confined to the raft agent's thread.
 */
final class SnapshotSchedule {
    private final long everyLogBytes;
    private final double lateShare;
    private long committedBytes;
    /** Whether it is out of step with the other members' already. */
    private boolean inTurn;

    private long snapshotBytes;
    /** The one that is being written, or waits to be adopted; null if none is. */
    private EntryId ordered;
    /** Last index of a snapshot that is there. */
    private long lastIndex;

    private long wantedIndex;

    /**
     * Begins to count.
     *
     * @param everyLogBytes bytes of log committed between two snapshots
     * @param lateShare of what is between two snapshots, by which this node is later than its log alone would have it
     * @param last the snapshot that recovery found, {@link EntryId#NONE} if there is none
     * @param committedBytes bytes of log committed since that one, as recovery found them
     */
    SnapshotSchedule(long everyLogBytes, double lateShare, EntryId last, long committedBytes) {
        this.everyLogBytes = everyLogBytes;
        this.lateShare = lateShare;
        this.inTurn = !last.equals(EntryId.NONE);
        this.lastIndex = last.index();
        this.committedBytes = committedBytes;
    }

    /** The share for one of {@code members}: they are spread evenly, and never in step with one that has no share. */
    static double lateShare(int place, int members) {
        return (place + 0.5) / members;
    }

    /** A damaged peer needs a snapshot that reaches this index. */
    void onWanted(long index) {
        wantedIndex = Math.max(wantedIndex, index);
    }

    /** Whether one that a peer needs can be made now. */
    boolean isWanted(long commitIndex) {
        return ordered == null && lastIndex < wantedIndex && wantedIndex <= commitIndex;
    }

    /** Counts entries that are committed now, up to {@code commitIndex}; whether a snapshot is due after them. */
    boolean isDue(List<Entry> committed, long commitIndex) {
        for (Entry entry : committed) {
            committedBytes += entry.length();
        }
        boolean enough = !committed.isEmpty() && committedBytes >= dueBytes();
        return ordered == null && (enough || isWanted(commitIndex));
    }

    private long dueBytes() {
        long usual = Math.max(everyLogBytes, snapshotBytes);
        return inTurn ? usual : usual + Math.round(usual * lateShare);
    }

    /** One is being written. */
    void onOrdered(EntryId last) {
        ordered = last;
        inTurn = true;
        committedBytes = 0;
    }

    /** One was written, or given up ({@code bytes} 0): then the next is due after the usual time. */
    void onWritten(EntryId last, long bytes) {
        if (last.equals(ordered)) {
            ordered = null;
            snapshotBytes = bytes > 0 ? bytes : snapshotBytes;
            lastIndex = bytes > 0 ? Math.max(lastIndex, last.index()) : lastIndex;
            // One that was given up is not tried again before it is asked for again.
            wantedIndex = 0;
        }
    }

    /** A leader's snapshot has replaced everything. One that is being written is given up, but that is yet to be told. */
    void onInstalled(EntryId last) {
        lastIndex = Math.max(lastIndex, last.index());
        committedBytes = 0;
        inTurn = false;
    }
}
