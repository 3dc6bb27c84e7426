package io.tenure.bench;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/** Gives each key of a plan a value, so that reads find something. */
public final class Preload {
    private static final int OUTSTANDING = 256;

    private Preload() {}

    /**
     * Writes every key once.
     *
     * @throws CompletionException with the first failure
     */
    public static void run(LoadPlan plan, List<? extends Target> targets) throws InterruptedException {
        Keys keys = new Keys(plan);
        Values values = new Values("preload", plan);
        Semaphore permits = new Semaphore(OUTSTANDING);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        for (int i = 0; i < plan.keys() && failure.get() == null; i++) {
            permits.acquire();
            CompletableFuture<?> written = targets.get(i % targets.size()).set(keys.name(i), values.next());
            var unused = written.whenComplete((answer, error) -> {
                if (error != null) {
                    failure.compareAndSet(null, error);
                }
                permits.release();
            });
        }
        permits.acquire(OUTSTANDING);
        Throwable error = failure.get();
        if (error != null) {
            throw error instanceof CompletionException completion ? completion : new CompletionException(error);
        }
    }
}
