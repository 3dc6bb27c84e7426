package io.tenure.bench;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** A map that answers after a while, on a thread of its own, and can be told to stall or to fail. */
final class FakeTarget implements Target {
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private final Map<String, String> map = new ConcurrentHashMap<>();
    private final long delayMicros;
    final AtomicInteger underWay = new AtomicInteger();
    final AtomicInteger underWayMost = new AtomicInteger();
    /** So many are answered before the call returns. */
    final AtomicInteger atOnce = new AtomicInteger();

    volatile Supplier<RuntimeException> failing = () -> null;

    /** Answers after so long. */
    FakeTarget(long delayMicros) {
        this.delayMicros = delayMicros;
    }

    /** Answers nothing for so long. */
    void stall(long millis) {
        thread.execute(() -> {
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            while (System.nanoTime() < until) {
                LockSupport.parkNanos(until - System.nanoTime());
            }
        });
    }

    @Override
    public CompletableFuture<?> set(String key, String value) {
        return answer(() -> map.put(key, value));
    }

    @Override
    public CompletableFuture<String> get(String key) {
        return answer(() -> map.get(key));
    }

    private CompletableFuture<String> answer(Supplier<String> operation) {
        RuntimeException failure = failing.get();
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        if (atOnce.get() > 0 && atOnce.decrementAndGet() >= 0) {
            return CompletableFuture.completedFuture(operation.get());
        }
        underWayMost.accumulateAndGet(underWay.incrementAndGet(), Math::max);
        CompletableFuture<String> answer = new CompletableFuture<>();
        var unused = thread.schedule(
                () -> {
                    underWay.decrementAndGet();
                    answer.complete(operation.get());
                },
                delayMicros,
                TimeUnit.MICROSECONDS);
        return answer;
    }

    @Override
    public Failure failure(Throwable error) {
        return Failure.valueOf(error.getMessage());
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
