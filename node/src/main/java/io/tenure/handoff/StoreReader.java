package io.tenure.handoff;

/** What the read path may see of the store. Any thread. */
public interface StoreReader {
    /** All entries up to here are visible to {@link #get}. */
    long appliedIndex();

    /** The value of the key, or null if it is absent. */
    String get(String key);
}
