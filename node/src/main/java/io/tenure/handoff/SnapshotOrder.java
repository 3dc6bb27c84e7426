package io.tenure.handoff;

import java.util.List;

/** Asks the applier to begin a snapshot of the state after a batch, with what the log knows of sessions there. */
public record SnapshotOrder(SnapshotHeader header, List<SessionRecord> sessions) {}
