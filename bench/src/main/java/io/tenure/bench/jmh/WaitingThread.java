package io.tenure.bench.jmh;

import io.tenure.handoff.Doorbell;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/** The measuring thread as the consumer of a ring: it sleeps until the bell rings, as a stage's own thread does. */
final class WaitingThread implements Doorbell {
    private static final long PATIENCE_SECONDS = 10;

    private final Semaphore bell = new Semaphore(0);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    @Override
    public void ring() {
        bell.release();
    }

    /** What it waits for will not come. Any thread. */
    void fail(Throwable cause) {
        failure.compareAndSet(null, cause);
        bell.release();
    }

    /**
     * Waits until it is so; looks at first and after each ring.
     *
     * @throws IllegalStateException if it is not so within {@value #PATIENCE_SECONDS} s after the last ring, or never will be
     */
    void awaitUntil(BooleanSupplier done) throws InterruptedException {
        while (!done.getAsBoolean()) {
            if (!bell.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("no answer in " + PATIENCE_SECONDS + " s");
            }
            bell.drainPermits();
            Throwable cause = failure.get();
            if (cause != null) {
                throw new IllegalStateException("the other side failed: " + cause.getMessage(), cause);
            }
        }
    }
}
