package io.tenure.handoff;

/** Keys and values as they were at one index, in the order of keys. Confined to the thread that reads them. */
public interface SnapshotValues extends AutoCloseable {
    /** Moves on to the next key; false at the end. */
    boolean next();

    /** The key and its value then, in one array as {@code io.tenure.entry.KeyValue} says. */
    byte[] keyValue();

    /** Gives back what was kept for the sake of this reading. */
    @Override
    void close();
}
