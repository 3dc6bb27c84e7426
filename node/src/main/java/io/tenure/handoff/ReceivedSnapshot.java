package io.tenure.handoff;

import java.util.List;

/** What the table of sessions needs of a snapshot that was received and verified. */
public record ReceivedSnapshot(SnapshotHeader header, List<SessionRecord> sessions) {
    /** Copies the list. */
    public ReceivedSnapshot {
        sessions = List.copyOf(sessions);
    }
}
