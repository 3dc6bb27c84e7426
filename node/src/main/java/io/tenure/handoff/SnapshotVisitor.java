package io.tenure.handoff;

/**
 * Sees what a snapshot holds: {@link #begin}, then every session, the least recently used first, then every value in the
 * order of keys.
 */
public interface SnapshotVisitor {
    /** What the snapshot is of. */
    void begin(SnapshotHeader header);

    /** One session. */
    void session(SessionRecord session);

    /** One key and its value, in an array of their own as {@code io.tenure.entry.KeyValue} says. */
    void value(byte[] keyValue);
}
