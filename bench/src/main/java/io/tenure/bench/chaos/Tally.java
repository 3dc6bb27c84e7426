package io.tenure.bench.chaos;

import io.tenure.bench.failover.Outage;
import io.tenure.bench.process.Await;
import io.tenure.history.History;
import io.tenure.history.Operation;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/** What clients were told so far. Any thread adds. */
final class Tally {
    private final Queue<Operation> operations = new ConcurrentLinkedQueue<>();
    private final Outage writes = new Outage();
    private final Outage reads = new Outage();

    void add(Operation operation) {
        operations.add(operation);
        if (operation.outcome() == Operation.Outcome.OK) {
            Outage gaps = operation.kind() == Operation.Kind.WRITE ? writes : reads;
            gaps.success();
        }
    }

    /** Adds an operation of a client that has no part in gaps and counts. */
    void addUncounted(Operation operation) {
        operations.add(operation);
    }

    /** Acknowledged operations so far. */
    long acknowledged() {
        return writes.successes() + reads.successes();
    }

    /** Measures gaps from here on, the one that is under way included. */
    void resetGaps() {
        writes.reset();
        reads.reset();
    }

    long longestWriteGapNanos() {
        return writes.longestNanos();
    }

    long longestReadGapNanos() {
        return reads.longestNanos();
    }

    /**
     * Waits until so many more writes, and as many reads, are acknowledged.
     *
     * @throws IllegalStateException if they are not
     */
    void awaitMore(long each, Duration patience, Supplier<String> otherwise) throws InterruptedException {
        long writesTarget = writes.successes() + each;
        long readsTarget = reads.successes() + each;
        Await.await(
                patience,
                () -> (writes.successes() >= writesTarget && reads.successes() >= readsTarget) ? Boolean.TRUE : null,
                () -> each + " writes and reads of clients. " + otherwise.get());
    }

    /** Everything; when all clients have ended. */
    History history() {
        History history = new History();
        operations.forEach(history::add);
        return history;
    }
}
