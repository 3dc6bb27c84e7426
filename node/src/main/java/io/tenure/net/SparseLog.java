package io.tenure.net;

import io.tenure.handoff.Clock;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/**
 * Lines that somebody else can cause at will: a few a minute, then a count of those left out. Confined to one thread.
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

    /** Logs a warning, unless there were too many lines lately. */
    void warn(String format, Object... arguments) {
        if (isRoom()) {
            logger.warn(format, arguments);
        }
    }

    /** Logs what is no reason to worry, unless there were too many lines lately. */
    void info(String format, Object... arguments) {
        if (isRoom()) {
            logger.info(format, arguments);
        }
    }

    private boolean isRoom() {
        long nowNanos = clock.nanoTime();
        if (nowNanos - periodStartNanos >= PERIOD_NANOS) {
            if (leftOut > 0) {
                logger.warn("{} more lines like those before were left out", leftOut);
            }
            periodStartNanos = nowNanos;
            lines = 0;
            leftOut = 0;
        }
        if (lines < LINES_MAX) {
            lines++;
            return true;
        }
        leftOut++;
        return false;
    }
}
