package io.tenure.node;

import io.tenure.handoff.Clock;
import io.tenure.handoff.Stage;
import io.tenure.journal.Scrub;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all of the node's files again and again, a small piece a turn and no faster than a limit, so that the log's forces
 * don't wait behind it (DESIGN.md, D4). Damage leaves {@link #doWork} as {@link io.tenure.journal.DamagedException}; the node
 * must not go on with these files then.
 */
final class ScrubStage implements Stage {
    private static final Logger LOGGER = LoggerFactory.getLogger(ScrubStage.class);
    private static final int STEP_BYTES = 64 << 10;

    /** From the beginning of one pass to that of the next it takes at least so many times as long as it takes to read. */
    private static final long PERIOD_FACTOR = 4;

    private static final long TELL_AGAIN_NANOS = TimeUnit.HOURS.toNanos(1);

    private final Scrub scrub;
    private final Clock clock;
    private final SettingsScrub settings;
    private final AtomicLong passes = new AtomicLong();

    private boolean underway;
    private long beginNanos;
    private long dueNanos;
    private long toldNanos;

    /** Makes the stage; the first pass is due after the usual time, as the node has just read everything. */
    ScrubStage(Scrub scrub, Clock clock, SettingsScrub settings) {
        this.scrub = scrub;
        this.clock = clock;
        this.settings = settings;
        this.dueNanos = clock.nanoTime() + TimeUnit.MILLISECONDS.toNanos(settings.everyMillis());
    }

    /** Times that everything was read and found good. Any thread. */
    long passes() {
        return passes.get();
    }

    @Override
    public String roleName() {
        return "scrub";
    }

    @Override
    public long wakeAtNanos() {
        return dueNanos;
    }

    @Override
    public int doWork() {
        long now = clock.nanoTime();
        if (now - dueNanos < 0) {
            return 0;
        }
        if (!underway) {
            underway = true;
            beginNanos = now;
        }
        if (scrub.step(STEP_BYTES)) {
            endPass(clock.nanoTime());
        } else {
            dueNanos = beginNanos + readNanos();
        }
        return clock.nanoTime() - dueNanos < 0 ? 0 : 1;
    }

    @Override
    public void onClose() {
        scrub.close();
    }

    /** Time that what was read in this pass takes at the limit. */
    private long readNanos() {
        return (long) (scrub.bytes() * (double) TimeUnit.SECONDS.toNanos(1) / settings.bytesPerSecondMax());
    }

    private void endPass(long now) {
        underway = false;
        long tookNanos = now - beginNanos;
        dueNanos = beginNanos
                + Math.max(TimeUnit.MILLISECONDS.toNanos(settings.everyMillis()), PERIOD_FACTOR * readNanos());
        if (!scrub.judgedAll()) {
            return; // It found nothing wrong in what it saw, but did not see all.
        }
        boolean first = passes.getAndIncrement() == 0;
        if (first || now - toldNanos >= TELL_AGAIN_NANOS) {
            toldNanos = now;
            LOGGER.info(
                    "scrub: all files are good (pass {} since the start; {} KiB in {} ms)",
                    passes.get(),
                    scrub.bytes() >> 10,
                    TimeUnit.NANOSECONDS.toMillis(tookNanos));
        }
    }
}
