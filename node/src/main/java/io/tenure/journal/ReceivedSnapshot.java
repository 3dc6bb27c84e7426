package io.tenure.journal;

import io.tenure.handoff.SessionRecord;
import io.tenure.handoff.SnapshotHeader;
import java.util.List;

/**
 * A snapshot of a peer that lies here complete, verified and forced.
 *
 * @param sessions in its order, the least recently used first
 */
public record ReceivedSnapshot(SnapshotHeader header, List<SessionRecord> sessions) {}
