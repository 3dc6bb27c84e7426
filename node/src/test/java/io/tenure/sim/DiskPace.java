package io.tenure.sim;

import java.util.random.RandomGenerator;

/**
 * How long the operations of a disk take. One operation at a time: the next begins when the last is done. A force takes
 * a time around the median, now and then much longer; a stalled disk does nothing until the stall is over.
 */
final class DiskPace {
    private static final long OPERATION_NANOS = 5_000;
    private static final int NANOS_PER_BYTE = 1;

    private final RandomGenerator random;
    private final long forceNanosMedian;
    private final double slowForceShare;
    private long stalledUntil;
    private double slowdown = 1;

    /** @param slowForceShare share of forces that take ten to a hundred times the median */
    DiskPace(RandomGenerator random, long forceNanosMedian, double slowForceShare) {
        this.random = random;
        this.forceNanosMedian = forceNanosMedian;
        this.slowForceShare = slowForceShare;
    }

    /** Nothing that begins before {@code time} is done before it. */
    void stallUntil(long time) {
        stalledUntil = Math.max(stalledUntil, time);
    }

    /** Makes everything take this many times as long. */
    void slowDown(double factor) {
        slowdown = factor;
    }

    /** Is as it was at first, and not stalled after {@code now}. */
    void recover(long now) {
        slowdown = 1;
        stalledUntil = Math.min(stalledUntil, now);
    }

    /** When an operation on so many bytes is done that begins at {@code begin}. */
    long endOfOperation(long begin, long bytes) {
        return end(begin, OPERATION_NANOS + bytes * NANOS_PER_BYTE);
    }

    /** When a force is done that begins at {@code begin}. */
    long endOfForce(long begin) {
        double nanos = forceNanosMedian * (0.5 + random.nextDouble());
        if (random.nextDouble() < slowForceShare) {
            nanos *= 10 + random.nextInt(90);
        }
        return end(begin, (long) nanos);
    }

    private long end(long begin, long nanos) {
        return Math.max(begin, stalledUntil) + (long) (nanos * slowdown);
    }
}
