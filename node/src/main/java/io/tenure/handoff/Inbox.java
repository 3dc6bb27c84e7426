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
    private final Doorbell room;
    private volatile boolean full;

    /** Makes a ring whose producers never wait for room. */
    public Inbox(int capacity, Doorbell doorbell) {
        this(capacity, doorbell, () -> {});
    }

    /**
     * Makes a ring of {@code capacity} places, rounded up to a power of two, that rings at each offer, and rings
     * {@code room} when there are places again after the producer has found none.
     */
    public Inbox(int capacity, Doorbell doorbell, Doorbell room) {
        this.ring = new ManyToOneConcurrentArrayQueue<>(capacity);
        this.doorbell = doorbell;
        this.room = room;
    }

    /** Puts it in and wakes the consumer; false if the ring is full. */
    public boolean offer(T item) {
        if (!ring.offer(item)) {
            return false;
        }
        doorbell.ring();
        return true;
    }

    /** Whether there is a place, as the one producer that asks may rely on; if not, {@code room} will ring. */
    public boolean hasRoom() {
        return hasRoomFor(1);
    }

    /** Whether there are {@code count} places; if not, {@code room} will ring. */
    public boolean hasRoomFor(int count) {
        if (ring.remainingCapacity() >= count) {
            return true;
        }
        full = true;
        return ring.remainingCapacity() >= count;
    }

    /** Takes out up to {@code countMax} items; returns how many. */
    public int drain(Consumer<T> consumer, int countMax) {
        int drained = ring.drain(consumer, countMax);
        if (full && drained > 0) {
            full = false;
            room.ring();
        }
        return drained;
    }

    public boolean isEmpty() {
        return ring.isEmpty();
    }
}
