package io.tenure.net;

import io.tenure.handoff.Clock;
import io.tenure.handoff.StoreReader;
import io.tenure.raft.Freshness;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * A read of what this node has applied, whoever leads (LEASE.md, 3.13): not older than asked, or not older than what a session
 * has seen. The clock is read last, so a pause on the way makes the data count as older, never as newer. One read at a time, on
 * one thread.
 */
final class LocalRead {
    /** Any age will do. */
    static final long ANY_AGE = Long.MAX_VALUE;
    /** How old the data are is not known. */
    static final long UNKNOWN_AGE = -1;

    private static final double NANOS_PER_MILLI = 1e6;

    private final Supplier<Freshness> published;
    private final StoreReader store;
    private final Clock clock;
    private final double clockDriftMax;

    private StoreReader.Found found;
    private long ageMillis;

    /**
     * Makes a reader.
     *
     * @param published how new the data are, as the core last published it; null if that is not known
     * @param clockDriftMax how far the clock's rate may be off, as a fraction
     */
    LocalRead(Supplier<Freshness> published, StoreReader store, Clock clock, double clockDriftMax) {
        this.published = published;
        this.store = store;
        this.clock = clock;
        this.clockDriftMax = clockDriftMax;
    }

    /** Reads {@code key}, which is UTF-8; false if the data here lack entries up to {@code leastIndex}, or may be older than that. */
    boolean read(byte[] key, long leastIndex, long ageMillisMax) {
        found = store.read(key, leastIndex);
        if (found == null) {
            return false;
        }
        ageMillis = ageMillis(found.appliedIndex());
        return ageMillisMax == ANY_AGE || (ageMillis != UNKNOWN_AGE && ageMillis <= ageMillisMax);
    }

    /** Age of the data at most, now; or {@link #UNKNOWN_AGE}. */
    long ageMillisNow() {
        return ageMillis(store.appliedIndex());
    }

    /** Real time passes faster than on a slow clock: what the clock shows is stretched, and rounded up. */
    private long ageMillis(long appliedIndex) {
        Freshness freshness = published.get();
        OptionalLong since = freshness == null ? OptionalLong.empty() : freshness.sinceNanos(appliedIndex);
        if (since.isEmpty()) {
            return UNKNOWN_AGE;
        }
        double nanos = (clock.nanoTime() - since.getAsLong()) / (1 - clockDriftMax);
        return Math.max(1, (long) Math.ceil(nanos / NANOS_PER_MILLI));
    }

    /** The key with the value read; null if it is absent. */
    byte[] keyValue() {
        return found.keyValue();
    }

    /** Nothing after this index is in the value. */
    long index() {
        return found.reflectedIndex();
    }

    /** Age of the data of the last read at most, or {@link #UNKNOWN_AGE}. */
    long ageMillis() {
        return ageMillis;
    }
}
