package io.tenure.node;

import io.tenure.handoff.Clock;
import io.tenure.handoff.Doorbell;
import io.tenure.handoff.Stage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Gives a stage turns on a thread of its own: when its doorbell rings and when it is due, never in between (DESIGN.md, D9).
 * Never interrupts the thread, since an interrupt would close the file that the journal is writing.
 */
public final class StageThread implements Doorbell {
    private final Stage stage;
    private final Clock clock;
    private final Consumer<Throwable> onFailure;
    private final Thread thread;
    private final AtomicBoolean rung = new AtomicBoolean();
    private final Semaphore bell = new Semaphore(0);
    private volatile boolean closing;

    /** Makes the thread; {@link #start} starts it. A stage that throws is closed, and given no further turn. */
    public StageThread(Stage stage, Clock clock, Consumer<Throwable> onFailure) {
        this.stage = stage;
        this.clock = clock;
        this.onFailure = onFailure;
        this.thread = new Thread(this::run, "tenure-" + stage.roleName());
    }

    /** Starts the turns, once. */
    public void start() {
        thread.start();
    }

    @Override
    public void ring() {
        if (!rung.get() && rung.compareAndSet(false, true)) {
            bell.release();
        }
    }

    /** Lets the stage finish the turn it is in, closes it on its thread, and waits for that. */
    public void close() {
        closing = true;
        ring();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            stage.onStart();
            while (!closing) {
                if (stage.doWork() == 0) {
                    awaitBell();
                }
                // Before the look at closing: else its ring could be taken for one that has been heard.
                rung.set(false);
            }
            stage.onClose();
        } catch (InterruptedException | RuntimeException | Error e) {
            onFailure.accept(e);
            closeAfter(e);
        }
    }

    /** Lets go of files: the process may go on without this stage. */
    private void closeAfter(Throwable cause) {
        try {
            stage.onClose();
        } catch (RuntimeException | Error e) {
            cause.addSuppressed(e);
        }
    }

    private void awaitBell() throws InterruptedException {
        long wakeAt = stage.wakeAtNanos();
        if (wakeAt == Stage.NEVER) {
            bell.acquire();
        } else if (!bell.tryAcquire(wakeAt - clock.nanoTime(), TimeUnit.NANOSECONDS)) {
            return;
        }
        bell.drainPermits();
    }
}
