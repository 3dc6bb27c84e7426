package io.tenure.net;

import io.tenure.entry.KeyValue;
import io.tenure.handoff.Clock;
import io.tenure.handoff.StoreReader;
import io.tenure.raft.Lease;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** A lease read in single steps, for tests of other packages. */
public final class LeaseReadSteps {
    private final LeaseRead read;

    /** Makes a reader of these; keys hash as {@code keyHash} says. */
    public LeaseReadSteps(Supplier<Lease> published, StoreReader store, Clock clock, long keyHash) {
        read = new LeaseRead(published, store, clock, key -> keyHash);
    }

    /** Begins to read {@code key}. */
    public void start(String key) {
        read.start(key.getBytes(StandardCharsets.UTF_8));
    }

    /** Takes a step; false if that was the last. */
    public boolean advance() {
        return read.advance();
    }

    /** The value read, or null if the key is absent. */
    public String value() {
        return read.keyValue() == null ? null : KeyValue.value(read.keyValue());
    }

    /** The read itself, to look at. */
    public LeaseRead read() {
        return read;
    }
}
