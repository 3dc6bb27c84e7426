package io.tenure.journal;

import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import io.tenure.raft.HardState;
import io.tenure.raft.Message;
import io.tenure.raft.SnapshotChunk;
import java.io.IOException;
import java.util.List;

/**
 * What is intact in a folder that is being repaired, for peers that lack it, and what is said of the rest. Good until the next
 * change of the {@link Repair}; confined to its thread.
 */
public final class RepairSource {
    private final Disk disk;
    private final String folder;
    private final FolderScan scan;

    /** Null until a peer asks. */
    private SnapshotFiles snapshots;

    private boolean hasRotted;

    RepairSource(Disk disk, String folder, FolderScan scan) {
        this.disk = disk;
        this.folder = folder;
        this.scan = scan;
    }

    /** The term of this node. */
    public long term() {
        return scan.metadata == null
                ? HardState.INITIAL.term()
                : scan.metadata.hardState().term();
    }

    /** Entries up to here are known here to be committed. */
    public long committed() {
        return scan.committed();
    }

    /** Whether the entry is damaged here; or was in a snapshot that is. */
    public boolean isDamaged(long index) {
        return scan.snapshotNeeded() >= index || scan.damagedPair(index) != null;
    }

    /** Whether this node's own snapshot is damaged or missing. */
    public boolean isSnapshotDamaged() {
        return hasRotted || scan.snapshotNeeded() > 0;
    }

    /** Last index that the snapshot includes; 0 if there is no good one. */
    public long snapshotIndex() {
        return scan.snapshot == null || hasRotted ? 0 : scan.snapshot.last().index();
    }

    /** Reads intact entries, as {@link Journal#read} does; none if the first is damaged. */
    public Message.RepairEntries read(long firstIndex, int bytesMax) {
        try {
            EntryId base = scan.metadata == null
                    ? EntryId.NONE
                    : scan.metadata.logStart().base();
            return stretch(base, firstIndex, bytesMax, scan::read);
        } catch (IOException e) {
            throw new RoomWait(folder).failure("read", e);
        }
    }

    /** Reads entries, one at least if it is there, from an index on. */
    interface Reader<E extends Exception> {
        List<Entry> read(long firstIndex, int bytesMax) throws E;
    }

    /** Reads a stretch of a log that begins after {@code base}, with the term before it. */
    static <E extends Exception> Message.RepairEntries stretch(
            EntryId base, long firstIndex, int bytesMax, Reader<E> reader) throws E {
        long previousTerm = base.term();
        if (firstIndex - 1 != base.index()) {
            List<Entry> previous = reader.read(firstIndex - 1, 1);
            previousTerm =
                    previous.isEmpty() ? EntryId.NONE.term() : previous.get(0).term();
        }
        return new Message.RepairEntries(firstIndex, previousTerm, reader.read(firstIndex, bytesMax));
    }

    /** Reads a piece of the snapshot, as {@link Journal#readSnapshot} does; null if there is no good one. */
    public SnapshotChunk readSnapshot(int peer, EntryId wanted, long offset, int bytesMax) {
        if (snapshotIndex() == 0) {
            return null;
        }
        try {
            if (snapshots == null) {
                snapshots = new SnapshotFiles(disk, folder, scan.snapshot.last());
            }
            return snapshots.read(peer, wanted, offset, bytesMax);
        } catch (DamagedException e) {
            hasRotted = true; // The next look at the files finds it, too.
            return null;
        } catch (IOException e) {
            throw new RoomWait(folder).failure("read the snapshot", e);
        }
    }

    void close() throws IOException {
        if (snapshots != null) {
            snapshots.close();
        }
    }
}
