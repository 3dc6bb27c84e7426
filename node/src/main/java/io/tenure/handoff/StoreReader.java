package io.tenure.handoff;

/** What the read path may see of the store. Any thread. */
public interface StoreReader {
    /** All entries up to here are visible to {@link #find}. */
    long appliedIndex();

    /**
     * The key, given in UTF-8, and its value in one array as {@code io.tenure.entry.KeyValue} says, which nobody may write to;
     * null if it is absent.
     */
    byte[] find(byte[] key);
}
