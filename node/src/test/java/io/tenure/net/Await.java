package io.tenure.net;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other threads do. */
final class Await {
    private static final long DEADLINE_NANOS = Duration.ofSeconds(20).toNanos();
    private static final long LOOK_EVERY_NANOS = Duration.ofMillis(1).toNanos();

    private Await() {}

    /** Returns once the condition holds; fails if it does not in time. */
    static void until(String what, BooleanSupplier condition) {
        long startNanos = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - startNanos > DEADLINE_NANOS) {
                throw new AssertionError("not in time: " + what);
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }
}
