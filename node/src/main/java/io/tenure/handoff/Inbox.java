package io.tenure.handoff;

import java.util.function.Consumer;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

/**
 * A bounded ring of objects to one consumer: messages of peers, writes for the journal, batches for the applier, replies
 * for the network. Many producers, one consumer; nobody waits (DESIGN.md, D8).
 */
public final class Inbox<T> {
    private final ManyToOneConcurrentArrayQueue<T> ring;
    private final Doorbell doorbell;

    /** Makes a ring of {@code capacity} places, rounded up to a power of two, that rings at each offer. */
    public Inbox(int capacity, Doorbell doorbell) {
        this.ring = new ManyToOneConcurrentArrayQueue<>(capacity);
        this.doorbell = doorbell;
    }

    /** Puts it in and wakes the consumer; false if the ring is full. */
    public boolean offer(T item) {
        if (!ring.offer(item)) {
            return false;
        }
        doorbell.ring();
        return true;
    }

    /** Free places, as the one producer that asks may rely on. */
    public int free() {
        return ring.remainingCapacity();
    }

    /** Takes out up to {@code countMax} items; returns how many. */
    public int drain(Consumer<T> consumer, int countMax) {
        return ring.drain(consumer, countMax);
    }

    public boolean isEmpty() {
        return ring.isEmpty();
    }
}
