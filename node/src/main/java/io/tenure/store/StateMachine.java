package io.tenure.store;

import io.tenure.handoff.StoreReader;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The keys and values as of the applied index. Written by the applier alone; read by any thread. The applied index is
 * raised after the values it stands for, so a reader that sees the index sees them (DESIGN.md, D7).
 */
public final class StateMachine implements StoreReader {
    private final ConcurrentHashMap<String, String> values = new ConcurrentHashMap<>();
    private volatile long appliedIndex;

    @Override
    public long appliedIndex() {
        return appliedIndex;
    }

    @Override
    public String get(String key) {
        return values.get(key);
    }

    /** Keys held. */
    public int size() {
        return values.size();
    }

    /** Sets a key; visible at once, covered by the next {@link #advanceTo}. */
    void set(String key, String value) {
        values.put(key, value);
    }

    /** Everything up to {@code index} is visible now. */
    void advanceTo(long index) {
        if (index < appliedIndex) {
            throw new IllegalStateException("applied index " + index + " after " + appliedIndex);
        }
        appliedIndex = index;
    }
}
