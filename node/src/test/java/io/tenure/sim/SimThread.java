package io.tenure.sim;

import io.tenure.handoff.Stage;
import io.tenure.node.SimulatedAssembly.Part;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A thread of a simulated process: gives one or more stages turns when it is rung and when they are due, some microseconds
 * late, and runs tasks between. A turn takes no time, but the next one comes only when the thread is free again.
 */
final class SimThread {
    private static final long LATENCY_NANOS_MAX = 20_000;
    private static final long HICCUP_NANOS_MAX = 3_000_000;

    private final Timeline timeline;
    private final SimProcess process;
    private final RandomGenerator random;
    private final List<Part> parts;
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    /** Of each part, whether it has thrown: as in a real process, it gets no turn any more. */
    private final boolean[] ended;

    private Timeline.Event turn;
    private Timeline.Event wake;
    private boolean running;
    private boolean rung;
    private long busyUntil;

    SimThread(Timeline timeline, SimProcess process, RandomGenerator random, List<Part> parts) {
        this.timeline = timeline;
        this.process = process;
        this.random = random;
        this.parts = parts;
        this.ended = new boolean[parts.size()];
    }

    /** Answers the bells of its stages from now on. */
    void start() {
        for (Part part : parts) {
            part.bell().connect(() -> process.onBell(this, part));
        }
        ring();
    }

    /** Has a turn soon. */
    void ring() {
        rung = true;
        if (!running && turn == null) {
            schedule();
        }
    }

    /** Has {@code task} run on this thread, after those before it. */
    void submit(Runnable task) {
        tasks.add(task);
        ring();
    }

    boolean isRunning() {
        return running;
    }

    /** The thread is busy until then: it waits for a disk, or does something else. */
    void stayBusyUntil(long time) {
        busyUntil = Math.max(busyUntil, time);
    }

    /** A turn at once, if the thread is free: another thread of the process has just rung, and this one is quick. */
    void turnAtOnce() {
        if (!running && timeline.now() >= busyUntil && process.isRunnable()) {
            takeTurn();
        }
    }

    private void schedule() {
        long latency =
                random.nextInt(200) == 0 ? random.nextLong(HICCUP_NANOS_MAX) : random.nextLong(LATENCY_NANOS_MAX);
        long time = Math.max(Math.max(timeline.now(), busyUntil), process.pausedUntil()) + latency;
        turn = timeline.at(time, this::onTurnDue);
    }

    private void onTurnDue() {
        turn = null;
        if (!process.isAlive() || running) {
            return;
        }
        if (timeline.now() < Math.max(busyUntil, process.pausedUntil())) {
            schedule();
        } else {
            takeTurn();
        }
    }

    private void takeTurn() {
        if (turn != null) {
            turn.cancel();
            turn = null;
        }
        running = true;
        rung = false;
        boolean goesOn = process.inTurn(this::work);
        running = false;
        if (!goesOn) {
            return;
        }
        if (rung) {
            schedule();
        }
        armWake();
    }

    private void work() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        for (int i = 0; i < ended.length; i++) {
            if (!ended[i]) {
                ended[i] = true;
                if (process.work(this, parts.get(i))) {
                    rung = true;
                }
                ended[i] = false;
            }
        }
    }

    private void armWake() {
        long local = Stage.NEVER;
        for (int i = 0; i < ended.length; i++) {
            if (!ended[i]) {
                local = Math.min(local, parts.get(i).stage().wakeAtNanos());
            }
        }
        long real = local == Stage.NEVER ? Timeline.NEVER : process.clock().realTimeOf(local);
        if (real == Timeline.NEVER || (wake != null && wake.time() <= real)) {
            return;
        }
        if (wake != null) {
            wake.cancel();
        }
        wake = timeline.at(real, this::onWake);
    }

    private void onWake() {
        wake = null;
        if (process.isAlive()) {
            ring();
        }
    }
}
