package io.tenure.net;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.tenure.handoff.Clock;
import io.tenure.handoff.Doorbell;
import io.tenure.handoff.Stage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Gives one {@link Stage} its turns on a Netty event loop (DESIGN.md, D9): when its bell rings, at most one turn being
 * under way or ahead, and when it wants to be woken. Made before its stage, because the inboxes of the stage need the
 * bell; rings before {@link #start} are not lost. Any thread may ring, start and stop.
 */
public final class NettyStageRunner implements Doorbell {
    private final EventLoop loop;
    private final Clock clock;
    private final Consumer<Throwable> fatal;
    private final Runnable turn = this::turn;
    private final AtomicBoolean rung = new AtomicBoolean();

    private volatile boolean running;
    private Stage stage;
    private Future<?> alarm;
    private long alarmNanos = Stage.NEVER;

    /**
     * Makes a runner without a stage.
     *
     * @param clock what {@link Stage#wakeAtNanos} is told on
     * @param fatal gets whatever a turn throws; the stage gets no turn after that. Called on the event loop
     */
    public NettyStageRunner(EventLoop loop, Clock clock, Consumer<Throwable> fatal) {
        this.loop = loop;
        this.clock = clock;
        this.fatal = fatal;
    }

    /** Starts the stage, whose first turn comes at once. Once only. */
    public void start(Stage stageToRun) {
        loop.execute(() -> {
            stage = stageToRun;
            running = true;
            try {
                stage.onStart();
            } catch (RuntimeException | Error e) {
                fail(e);
                return;
            }
            rung.set(true);
            turn();
        });
    }

    /** Ends the turns, then closes the stage on the event loop; done when that is. */
    public CompletableFuture<Void> stop() {
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        loop.execute(() -> {
            boolean wasRunning = running;
            running = false;
            cancelAlarm();
            try {
                if (wasRunning) {
                    stage.onClose();
                }
                stopped.complete(null);
            } catch (RuntimeException | Error e) {
                stopped.completeExceptionally(e);
            }
        });
        return stopped;
    }

    @Override
    public void ring() {
        // The plain look first: a bell that rings often is mostly rung already.
        if (running && !rung.get() && rung.compareAndSet(false, true)) {
            loop.execute(turn);
        }
    }

    private void turn() {
        if (!running) {
            return;
        }
        // Before the work: what is put in from now on rings again.
        rung.set(false);
        try {
            if (stage.doWork() > 0) {
                ring();
            } else {
                wakeAt(stage.wakeAtNanos());
            }
        } catch (Exception | Error e) {
            fail(e);
        }
    }

    private void wakeAt(long nanos) {
        if (nanos == Stage.NEVER) {
            // An alarm that is set goes off once for nothing: cheaper than to cancel it each time.
            return;
        }
        long delayNanos = nanos - clock.nanoTime();
        if (delayNanos <= 0) {
            ring();
        } else if (alarm == null || nanos - alarmNanos < 0) {
            cancelAlarm();
            alarmNanos = nanos;
            alarm = loop.schedule(this::onAlarm, delayNanos, TimeUnit.NANOSECONDS);
        }
    }

    private void onAlarm() {
        alarm = null;
        if (!running) {
            return;
        }
        try {
            long wakeAtNanos = stage.wakeAtNanos();
            if (wakeAtNanos == Stage.NEVER || wakeAtNanos - clock.nanoTime() > 0) {
                // Put off since the alarm was set.
                wakeAt(wakeAtNanos);
                return;
            }
        } catch (RuntimeException | Error e) {
            fail(e);
            return;
        }
        turn();
    }

    private void cancelAlarm() {
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
    }

    private void fail(Throwable thrown) {
        running = false;
        cancelAlarm();
        fatal.accept(thrown);
    }
}
