package io.tenure.net;

import io.tenure.handoff.Clock;
import io.tenure.handoff.StoreReader;
import io.tenure.raft.Lease;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * A read that rests on the leader's lease alone: no disk, no peer, no hop (DESIGN.md, D7; LEASE.md, 3.7). Each step looks at
 * shared state once, so that a test can have the world change between any two:
 *
 * <ol>
 *   <li>load the published lease; there must be one, and it must cover the key (no limbo);
 *   <li>the applied index must have reached the lease's floor;
 *   <li>read the map;
 *   <li>read the clock, the real one and now: it must be before the lease's end;
 *   <li>load the published lease again: it must speak for the same leadership and epoch, and not have been cut short.
 * </ol>
 *
 * The read takes effect at step 4, which lies between request and answer. At that instant no other leader can have
 * committed anything, and whatever this one acknowledged before the request was in the map at step 3. A pause anywhere,
 * even after the last step, makes the answer late, not stale. Whoever may not use the lease asks a quorum.
 *
 * <p>One read at a time, on one thread; the published lease, store and clock change under it at will.
 */
public final class LeaseRead {
    private enum Step {
        LOAD_LEASE,
        CHECK_APPLIED,
        READ_MAP,
        READ_CLOCK,
        LOAD_LEASE_AGAIN,
        ANSWERED,
        NOT_COVERED
    }

    private final Supplier<Lease> published;
    private final StoreReader store;
    private final Clock clock;
    private final ToLongFunction<byte[]> keyHash;

    private Step next = Step.NOT_COVERED;
    private byte[] key;
    private Lease lease;
    private long index;
    private byte[] keyValue;
    private long readNanos;

    /**
     * Makes a reader.
     *
     * @param published the lease as the core last published it, null if there is none; acquire semantics at least
     * @param keyHash the hash that limbo is told in
     */
    public LeaseRead(Supplier<Lease> published, StoreReader store, Clock clock, ToLongFunction<byte[]> keyHash) {
        this.published = published;
        this.store = store;
        this.clock = clock;
        this.keyHash = keyHash;
    }

    /** Reads {@code keyToRead}, which is UTF-8; whether the lease allowed it. */
    public boolean read(byte[] keyToRead) {
        start(keyToRead);
        while (advance()) {
            // Each call is a step.
        }
        return answered();
    }

    /** Begins a read; forgets the one before. */
    void start(byte[] keyToRead) {
        key = keyToRead;
        lease = null;
        keyValue = null;
        next = Step.LOAD_LEASE;
    }

    /** Takes the next step; false if that was the last. */
    boolean advance() {
        next = switch (next) {
            case LOAD_LEASE -> loadLease();
            case CHECK_APPLIED -> checkApplied();
            case READ_MAP -> readMap();
            case READ_CLOCK -> readClock();
            case LOAD_LEASE_AGAIN -> loadLeaseAgain();
            case ANSWERED, NOT_COVERED -> next;
        };
        return next != Step.ANSWERED && next != Step.NOT_COVERED;
    }

    private Step loadLease() {
        lease = published.get();
        if (lease == null) {
            return Step.NOT_COVERED;
        }
        Lease.Limbo limbo = lease.limbo();
        boolean covered = limbo.isEmpty() || !limbo.contains(keyHash.applyAsLong(key));
        return covered ? Step.CHECK_APPLIED : Step.NOT_COVERED;
    }

    private Step checkApplied() {
        index = store.appliedIndex();
        return index >= lease.readIndexFloor() ? Step.READ_MAP : Step.NOT_COVERED;
    }

    private Step readMap() {
        keyValue = store.find(key);
        index = Math.max(index, store.reflectedIndex());
        return Step.READ_CLOCK;
    }

    private Step readClock() {
        readNanos = clock.nanoTime();
        return readNanos - lease.endNanos() < 0 ? Step.LOAD_LEASE_AGAIN : Step.NOT_COVERED;
    }

    private Step loadLeaseAgain() {
        Lease now = published.get();
        boolean holds = lease.sameHolderAs(now) && readNanos - now.endNanos() < 0;
        return holds ? Step.ANSWERED : Step.NOT_COVERED;
    }

    /** Whether the last read was answered; only then do the following mean anything. */
    public boolean answered() {
        return next == Step.ANSWERED;
    }

    /** The key with the value read, as {@link StoreReader#find} has it; null if the key is absent. */
    public byte[] keyValue() {
        return keyValue;
    }

    /** Nothing after this index is in the value. */
    public long index() {
        return index;
    }

    /** Term of the lease that the read rests on. */
    public long term() {
        return lease.term();
    }
}
