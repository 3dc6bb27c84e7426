package io.tenure.net;

import io.tenure.handoff.Clock;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/**
 * Warnings that a stranger can cause at will: a few a minute, then a count of those left out. Confined to one thread.
 */
final class SparseLog {
    private static final int LINES_MAX = 20;
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final Logger logger;
    private final Clock clock;
    private long periodStartNanos;
    private int lines;
    private long leftOut;

    SparseLog(Logger logger, Clock clock) {
        this.logger = logger;
        this.clock = clock;
        this.periodStartNanos = clock.nanoTime();
    }

    /** Logs a warning, unless there were too many lately. */
    void warn(String format, Object... arguments) {
        long nowNanos = clock.nanoTime();
        if (nowNanos - periodStartNanos >= PERIOD_NANOS) {
            if (leftOut > 0) {
                logger.warn("{} more warnings like those before were left out", leftOut);
            }
            periodStartNanos = nowNanos;
            lines = 0;
            leftOut = 0;
        }
        if (lines < LINES_MAX) {
            lines++;
            logger.warn(format, arguments);
        } else {
            leftOut++;
        }
    }
}
