package io.tenure.bench.relay;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;

/** One direction between two places, shared by all connections between them. Event loop only. */
final class Link {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    /** What waits in a connection without a limit of bandwidth: a second of 16 MiB/s, or the longest way at 100 MiB/s. */
    private static final long QUEUE_BYTES_MAX = 16 << 20;

    private static final long QUEUE_BYTES_MIN = 64 << 10;
    /** A quarter of a second of the bandwidth may wait: more, and a narrow link would be one of many seconds' delay. */
    private static final long QUEUE_PARTS_OF_SECOND = 4;

    private final RandomGenerator random;
    private final Set<Pipe> pipes = new LinkedHashSet<>();
    private final Set<Connection> dialled = new LinkedHashSet<>();
    private LinkConditions conditions = LinkConditions.FREE;
    /** When the last byte so far has left, at the bandwidth. */
    private long busyUntilNanos;

    Link(RandomGenerator random) {
        this.random = random;
    }

    /** Takes effect on everything that has not yet arrived. */
    void set(LinkConditions changed) {
        conditions = changed;
        busyUntilNanos = System.nanoTime();
        if (isClosed()) {
            List.copyOf(dialled).forEach(Connection::close);
        }
        new ArrayList<>(pipes).forEach(Pipe::conditionsChanged);
    }

    boolean isHeld() {
        return conditions.cut() == Cut.HOLD;
    }

    boolean isClosed() {
        return conditions.cut() == Cut.CLOSE;
    }

    /** How long bytes are on their way that nothing holds up. */
    long delayNanos() {
        return conditions.delay().toNanos();
    }

    /** After what time a connection made now breaks; empty if it does not. */
    OptionalLong lifeNanos() {
        long mean = conditions.meanLife().toNanos();
        return mean == 0 ? OptionalLong.empty() : OptionalLong.of((long) (-mean * Math.log(1 - random.nextDouble())));
    }

    /**
     * When bytes that are sent now arrive.
     *
     * @param earliestNanos when they can leave at the earliest
     */
    long arrivalNanos(int bytes, long earliestNanos) {
        long left = System.nanoTime();
        if (conditions.bytesPerSecond() > 0) {
            left = Math.max(left, busyUntilNanos) + bytes * NANOS_PER_SECOND / conditions.bytesPerSecond();
            busyUntilNanos = left;
        }
        long jitter = conditions.jitter().isZero()
                ? 0
                : random.nextLong(conditions.jitter().toNanos() + 1);
        return (earliestNanos - left > 0 ? earliestNanos : left) + delayNanos() + jitter;
    }

    /** Bytes of a connection that may be on their way; beyond them its sender has to wait. */
    long queueBytesMax() {
        long bytesPerSecond = conditions.bytesPerSecond();
        return bytesPerSecond == 0
                ? QUEUE_BYTES_MAX
                : Math.min(QUEUE_BYTES_MAX, Math.max(QUEUE_BYTES_MIN, bytesPerSecond / QUEUE_PARTS_OF_SECOND));
    }

    void add(Pipe pipe) {
        pipes.add(pipe);
    }

    void remove(Pipe pipe) {
        pipes.remove(pipe);
    }

    /** Notes who connected in this direction. */
    void add(Connection connection) {
        dialled.add(connection);
    }

    void remove(Connection connection) {
        dialled.remove(connection);
    }
}
