package io.tenure.node;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many statements on entries and requests {@code dump.txt} takes in a second, and what is to be said of the others.
 * Nothing here waits or allocates: under load nearly every entry comes by, a batch at a time. Any thread.
 */
final class DumpBudget {
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Low bits of {@link #taken}: the number in the second that the high bits name. */
    private static final int COUNT_BITS = 24;

    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;

    private final int linesPerSecond;
    private final long originNanos;
    private final AtomicLong taken = new AtomicLong();

    private final AtomicLong leftOut = new AtomicLong();
    private final AtomicLong firstIndex = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong lastIndex = new AtomicLong(Long.MIN_VALUE);

    /**
     * Starts counting.
     *
     * @param now on the node's clock, as in all that follows
     */
    DumpBudget(int linesPerSecond, long now) {
        this.linesPerSecond = linesPerSecond;
        this.originNanos = now;
    }

    /** How many of {@code count} more statements may be written in this second. */
    int take(int count, long now) {
        long second = (now - originNanos) / SECOND_NANOS;
        while (true) {
            long seen = taken.get();
            // A thread that read the clock just before the second turned counts in the new one.
            long start = second > seen >> COUNT_BITS ? second << COUNT_BITS : seen;
            int most = (int) Math.min(count, linesPerSecond - (start & COUNT_MASK));
            if (most <= 0) {
                return 0;
            }
            if (taken.compareAndSet(seen, start + most)) {
                return most;
            }
        }
    }

    /** End of the second that {@code now} is in. */
    long secondEndNanos(long now) {
        return originNanos + ((now - originNanos) / SECOND_NANOS + 1) * SECOND_NANOS;
    }

    /** Counts a statement on each of some entries that is left out; true if they are the first since the last report. */
    boolean leaveOut(long first, long last) {
        // Indexes first: a report that comes in between names entries too many, never one too few.
        firstIndex.accumulateAndGet(first, Math::min);
        lastIndex.accumulateAndGet(last, Math::max);
        return leaveOut(last - first + 1);
    }

    /** Counts statements on no entry that are left out; true if they are the first since the last report. */
    boolean leaveOut(long count) {
        return leftOut.getAndAdd(count) == 0;
    }

    /** Whether there is something to report. */
    boolean hasLeftOut() {
        return leftOut.get() > 0;
    }

    /** The line about what was left out since the last report; one thread at a time. */
    String report() {
        long count = leftOut.getAndSet(0);
        return DumpStatements.leftOut(count, firstIndex.getAndSet(Long.MAX_VALUE), lastIndex.getAndSet(Long.MIN_VALUE));
    }
}
