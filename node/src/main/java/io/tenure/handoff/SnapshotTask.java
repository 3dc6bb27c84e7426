package io.tenure.handoff;

import io.tenure.raft.EntryId;
import java.util.List;

/** What the applier has the snapshot stage do. */
public sealed interface SnapshotTask {
    /**
     * Write a snapshot.
     *
     * @param values the state at {@code header.last()}, whatever is applied meanwhile
     */
    record Write(SnapshotHeader header, List<SessionRecord> sessions, SnapshotValues values) implements SnapshotTask {}

    /** Say that the snapshot that ends at {@code last} was given up: the state at that entry is gone. */
    record Decline(EntryId last) implements SnapshotTask {}

    /** Load the installed snapshot, which ends at {@code last} or later; the applier waits for it. */
    record Load(EntryId last) implements SnapshotTask {}
}
