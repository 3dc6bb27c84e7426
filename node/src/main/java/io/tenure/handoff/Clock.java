package io.tenure.handoff;

/** A node's monotonic clock; differences mean something, values do not. Any thread. */
@FunctionalInterface
public interface Clock {
    /** Now, in nanoseconds. Read anew at every call: never a cached tick (LEASE.md, 3.7). */
    long nanoTime();
}
