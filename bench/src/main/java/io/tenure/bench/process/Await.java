package io.tenure.bench.process;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waiting for a condition that another process brings about. */
public final class Await {
    private static final long STEP_NANOS = 20_000_000;

    private Await() {}

    /**
     * Asks again and again, 20 ms apart.
     *
     * @param question returns null as long as the answer is not there
     * @param otherwise what to say when the patience ends
     * @throws IllegalStateException when the patience ends
     */
    public static <T> T await(Duration patience, Supplier<T> question, Supplier<String> otherwise)
            throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            T answer = question.get();
            if (answer != null) {
                return answer;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("not within " + patience.toMillis() + " ms: " + otherwise.get());
            }
            pause(Duration.ofNanos(STEP_NANOS));
        }
    }

    /** Lets time pass. */
    public static void pause(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }
}
