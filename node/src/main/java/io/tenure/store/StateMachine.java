package io.tenure.store;

import io.tenure.entry.KeyHash;
import io.tenure.entry.KeyValue;
import io.tenure.handoff.SnapshotValues;
import io.tenure.handoff.StoreReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The keys and values as of the applied index. Written by the applier alone, or by the one who loads a snapshot while the
 * applier waits; read by any thread. The applied index is raised after the values it stands for, so a reader that sees the
 * index sees them (DESIGN.md, D7).
 */
public final class StateMachine implements StoreReader {
    /** What {@link #appliedIndex} is while a snapshot is loaded: nobody may read then. */
    private static final long LOADING = -1;

    private final KeyTable values = new KeyTable();
    private volatile long appliedIndex;
    /** Raised before the values are set that it stands for. */
    private volatile long reflectedIndex;
    /** Snapshots of which the loading has begun. */
    private final AtomicLong loads = new AtomicLong();

    /** Of no meaning; see {@link KeyTable#approach}. */
    private int unusedLoads;

    @Override
    public long appliedIndex() {
        return appliedIndex;
    }

    @Override
    public byte[] find(byte[] key) {
        return values.get(KeyHash.of(key), key);
    }

    @Override
    public long reflectedIndex() {
        return reflectedIndex;
    }

    @Override
    public Found read(byte[] key, long leastIndex) {
        long before = loads.get();
        long applied = appliedIndex;
        if (applied < leastIndex || applied == LOADING) {
            return null;
        }
        byte[] keyValue = find(key);
        long reflected = reflectedIndex;
        return loads.get() == before ? new Found(keyValue, applied, Math.max(applied, reflected)) : null;
    }

    /** The value of the key, or null if it is absent. */
    public String get(String key) {
        byte[] keyValue = find(key.getBytes(StandardCharsets.UTF_8));
        return keyValue == null ? null : KeyValue.value(keyValue);
    }

    /** Whether a snapshot is being loaded. */
    boolean isLoading() {
        return appliedIndex == LOADING;
    }

    /** Keys held. */
    public int size() {
        return values.size();
    }

    /** Values of entries up to {@code index} are about to be set. */
    void beginUpTo(long index) {
        if (index > reflectedIndex) {
            reflectedIndex = index;
        }
    }

    /**
     * Sets a key; visible at once, covered by the next {@link #advanceTo}.
     *
     * @param keyHash {@link KeyHash} of the key
     * @param keyValue a {@link KeyValue}, which nobody changes any more
     */
    void set(long keyHash, byte[] keyValue) {
        values.set(keyHash, keyValue);
    }

    /** Has the memory near that {@link #set} of this hash needs; see {@link KeyTable#approach}. */
    void approach(long keyHash) {
        unusedLoads += values.approach(keyHash);
    }

    /** Everything up to {@code index} is visible now. */
    void advanceTo(long index) {
        if (index < appliedIndex) {
            throw new IllegalStateException("applied index " + index + " after " + appliedIndex);
        }
        appliedIndex = index;
    }

    /** The values as they are now, for somebody to read while this one goes on. Applier's thread. */
    SnapshotValues snapshot() {
        return new SortedImage(values.image());
    }

    /** Begins to load a snapshot: what was there is gone. Nobody reads before {@link #finishLoad}, as no lease covers it. */
    public void startLoad() {
        appliedIndex = LOADING;
        loads.incrementAndGet();
        values.clear();
    }

    /** One {@link KeyValue} of the snapshot. */
    public void load(byte[] keyValue) {
        values.set(KeyValue.keyHash(keyValue), keyValue);
    }

    /** The state is that of the snapshot at {@code index} now. */
    public void finishLoad(long index) {
        beginUpTo(index);
        appliedIndex = index;
    }
}
