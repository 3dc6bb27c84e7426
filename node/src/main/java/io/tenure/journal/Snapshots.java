package io.tenure.journal;

import io.tenure.handoff.SnapshotHeader;
import io.tenure.handoff.SnapshotVisitor;
import java.io.IOException;

/** The snapshot of a node's folder, for those who neither own the journal nor write a snapshot. Any thread. */
public final class Snapshots {
    private Snapshots() {}

    /**
     * Reads the snapshot that counts.
     *
     * @throws IOException if it can't be read
     * @throws DamagedException if it is not what was written
     */
    public static SnapshotHeader readInstalled(Disk disk, String folder, SnapshotVisitor visitor) throws IOException {
        try {
            return new SnapshotReader(disk, folder + '/' + SnapshotFiles.NAME).read(visitor);
        } catch (SnapshotDamagedException e) {
            throw DamagedException.found(e);
        }
    }

    /** What to throw when the disk fails in a snapshot: the node stops. */
    public static JournalFailure failure(String folder, IOException cause) {
        return new JournalFailure(
                "Can't read or write a snapshot in " + folder + ": " + JournalException.describe(cause)
                        + ". This node stops",
                cause);
    }
}
