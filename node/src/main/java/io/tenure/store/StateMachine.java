package io.tenure.store;

import io.tenure.handoff.SnapshotValues;
import io.tenure.handoff.StoreReader;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The keys and values as of the applied index. Written by the applier alone, or by the one who loads a snapshot while the
 * applier waits; read by any thread. The applied index is raised after the values it stands for, so a reader that sees the
 * index sees them (DESIGN.md, D7).
 */
public final class StateMachine implements StoreReader {
    /** What {@link #appliedIndex} is while a snapshot is loaded: nobody may read then. */
    private static final long LOADING = -1;

    private volatile ConcurrentHashMap<String, String> values = new ConcurrentHashMap<>();
    private volatile long appliedIndex;
    /** Values that were overwritten since a snapshot began, null while none is being written. */
    private volatile Map<String, Object> images;

    @Override
    public long appliedIndex() {
        return appliedIndex;
    }

    @Override
    public String get(String key) {
        return values.get(key);
    }

    /** Whether a snapshot is being loaded. */
    boolean isLoading() {
        return appliedIndex == LOADING;
    }

    /** Keys held. */
    public int size() {
        return values.size();
    }

    /** Sets a key; visible at once, covered by the next {@link #advanceTo}. */
    void set(String key, String value) {
        Map<String, Object> overwritten = images;
        if (overwritten != null && !overwritten.containsKey(key)) {
            // The image comes first: whoever then finds the new value finds the image, too.
            String before = values.get(key);
            overwritten.put(key, before == null ? PastValues.ABSENT : before);
        }
        values.put(key, value);
    }

    /** Everything up to {@code index} is visible now. */
    void advanceTo(long index) {
        if (index < appliedIndex) {
            throw new IllegalStateException("applied index " + index + " after " + appliedIndex);
        }
        appliedIndex = index;
    }

    /** The values as they are now, for somebody to read while this one goes on; one at a time. Applier's thread. */
    SnapshotValues snapshot() {
        Map<String, Object> overwritten = new ConcurrentHashMap<>();
        images = overwritten;
        return new PastValues(values, overwritten, () -> images = null);
    }

    /** Begins to load a snapshot: what was there is gone. Nobody reads before {@link #finishLoad}, as no lease covers it. */
    public void startLoad() {
        appliedIndex = LOADING;
        images = null;
        values = new ConcurrentHashMap<>();
    }

    /** One value of the snapshot. */
    public void load(String key, String value) {
        values.put(key, value);
    }

    /** The state is that of the snapshot at {@code index} now. */
    public void finishLoad(long index) {
        appliedIndex = index;
    }
}
