package io.tenure.bench;

import java.util.concurrent.CompletableFuture;

/** One client of the store under load. Thread-safe; futures may complete on any thread. */
public interface Target extends AutoCloseable {
    /** What a failed operation means for its effect. */
    enum Failure {
        /** It took no effect and never will. */
        NOT_DONE,
        /** It may have taken effect, or may still. */
        UNKNOWN,
        /** The store can't take such a request at all: going on is pointless. */
        INVALID
    }

    /** Writes; completes once the write is acknowledged. */
    CompletableFuture<?> set(String key, String value);

    /** Reads; completes with null if the key is absent. */
    CompletableFuture<String> get(String key);

    /** What an exception out of a future of this target means. */
    Failure failure(Throwable error);

    @Override
    void close();
}
