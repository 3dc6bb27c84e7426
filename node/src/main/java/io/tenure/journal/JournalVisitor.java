package io.tenure.journal;

import io.tenure.handoff.SessionRecord;
import io.tenure.handoff.SnapshotHeader;
import io.tenure.handoff.SnapshotVisitor;

/**
 * Sees what a journal holds while it is opened: the snapshot if there is one, then the entries after it, in order. Who
 * ignores the snapshot must know that there is none.
 */
@FunctionalInterface
public interface JournalVisitor extends EntryVisitor, SnapshotVisitor {
    @Override
    default void begin(SnapshotHeader header) {}

    @Override
    default void session(SessionRecord session) {}

    @Override
    default void value(byte[] keyValue) {}
}
