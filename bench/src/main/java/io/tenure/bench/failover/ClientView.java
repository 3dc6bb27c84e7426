package io.tenure.bench.failover;

import io.tenure.bench.process.Await;
import io.tenure.history.Operation;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** What clients see: the longest waits for a success, of writes and of reads, and the failures. Thread-safe. */
final class ClientView {
    private static final double NANOS_PER_MILLI = 1e6;

    private final Outage writes = new Outage();
    private final Outage reads = new Outage();
    private final LongAdder failures = new LongAdder();
    private long failuresBefore;

    /** Takes an operation that has its outcome. */
    void took(Operation operation) {
        if (operation.outcome() == Operation.Outcome.OK) {
            (operation.kind() == Operation.Kind.WRITE ? writes : reads).success();
        } else {
            failures.increment();
        }
    }

    /** Forgets what was; a wait that lasts counts from the last success. */
    void begin() {
        writes.reset();
        reads.reset();
        failuresBefore = failures.sum();
    }

    double writeGapMillis() {
        return writes.longestNanos() / NANOS_PER_MILLI;
    }

    double readGapMillis() {
        return reads.longestNanos() / NANOS_PER_MILLI;
    }

    long failures() {
        return failures.sum() - failuresBefore;
    }

    /** Waits until this many more writes, and reads, have succeeded. */
    void awaitSuccesses(long count, Duration patience) throws InterruptedException {
        long writesThen = writes.successes() + count;
        long readsThen = reads.successes() + count;
        Await.await(
                patience,
                () -> (writes.successes() >= writesThen && reads.successes() >= readsThen) ? Boolean.TRUE : null,
                () -> count + " successes; of writes " + (writesThen - writes.successes()) + " lack, of reads "
                        + (readsThen - reads.successes()));
    }
}
