package io.tenure.node;

import io.tenure.handoff.Clock;
import io.tenure.journal.DamagedException;
import io.tenure.journal.DiskFullException;
import io.tenure.journal.JournalException;
import io.tenure.net.Network;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node: one {@link NodeRun} after another. A run ends when it comes upon damage in its files; then this repairs them
 * from the peers and begins the next run, unaided, in the same process. Every other failure is the end.
 */
public final class TenureNode implements NodeProcess {
    private static final Logger LOGGER = LoggerFactory.getLogger(TenureNode.class);

    /** Pause before a start is tried again for which the disk had no room. */
    private static final long ROOM_PAUSE_MILLIS = 1_000;

    private final Settings settings;
    private final Clock clock = System::nanoTime;
    private final ExecutorService resolver = Executors.newCachedThreadPool(task -> daemon(task, "tenure-resolver"));

    /** Opens, repairs and closes runs, one thing at a time; takes nothing more once it is shut down. */
    private final ExecutorService runner = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> daemon(task, "tenure-runner"),
            new ThreadPoolExecutor.DiscardPolicy());

    private final Network network;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final DamageRecord damages = new DamageRecord();

    /** Looked at by {@link #runner} only, as is all below. */
    private boolean hasRepaired;

    private boolean isTold;

    /** Looked at by {@link #runner} only, but for the client port. */
    private volatile NodeRun run;

    private TenureNode(Settings settings) {
        this.settings = settings;
        this.network = Network.open(task -> new Thread(task, "tenure-network"), clock, resolver);
    }

    /**
     * Starts a node: recovers its folder, then listens, then takes part. If the folder must be repaired first, this returns
     * when that is under way: it takes as long as the peers do, and the node may be closed meanwhile.
     *
     * @throws SettingsException if a port is taken; the message names it
     * @throws io.tenure.journal.JournalException if the folder can't be used; the message says what to do
     */
    public static TenureNode start(Settings settings) {
        TenureNode node = new TenureNode(settings);
        try {
            CompletableFuture.runAsync(node::begin, node.runner).join();
            return node;
        } catch (CompletionException e) {
            node.close();
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Has the next run; first a repair if that is needed, which goes on after this has returned. */
    private void begin() {
        try {
            next().open();
        } catch (DamagedException e) {
            repair(e);
        } catch (JournalException e) {
            // Before the first repair nothing runs that could wait: whoever starts the node is told.
            awaitRoom(e, hasRepaired, this::begin);
        }
    }

    /** The run that comes now. */
    private NodeRun next() {
        run = new NodeRun(settings, clock, network, this::fail);
        return run;
    }

    /** Ends the run, and has the files repaired. */
    private void repair(DamagedException damage) {
        LOGGER.error("{}", damage.getMessage());
        run.close();
        damages.add(damage, run.isScrubbed());
        hasRepaired = true;
        beginRepair();
    }

    private void beginRepair() {
        try {
            next().openForRepair(() -> soon(() -> {
                run.close();
                begin();
            }));
        } catch (JournalException e) {
            awaitRoom(e, true, this::beginRepair);
        }
    }

    /** Tries again later if the disk had no room for what is written at a start. */
    private void awaitRoom(JournalException refused, boolean mayWait, Runnable again) {
        if (!mayWait || !(refused.getCause() instanceof DiskFullException)) {
            throw refused;
        }
        run.close();
        if (!isTold) {
            LOGGER.warn("waits until the disk has room: {}", refused.getMessage());
        }
        isTold = true;
        CompletableFuture.delayedExecutor(ROOM_PAUSE_MILLIS, TimeUnit.MILLISECONDS)
                .execute(() -> soon(again));
    }

    /** Has the runner do that; what goes wrong ends the node. */
    private void soon(Runnable task) {
        runner.execute(() -> {
            try {
                if (!closed.get()) {
                    task.run();
                }
            } catch (RuntimeException | Error e) {
                end(e);
            }
        });
    }

    /**
     * Something that a stage can't go on with: damage that may be repaired; or a broken invariant or disk, at which the node
     * stops. What the failed stage had not finished is never acknowledged (D5).
     */
    private void fail(Throwable cause) {
        if (cause instanceof DamagedException damage) {
            soon(() -> repair(damage));
        } else {
            end(cause);
        }
    }

    private void end(Throwable cause) {
        if (failure.compareAndSet(null, cause)) {
            stopped.countDown();
        }
    }

    /** Where clients connect; nobody listens there while files are repaired. */
    public int clientPort() {
        return run.clientPort();
    }

    /**
     * Waits until the node is closed, or can't go on.
     *
     * @return why it can't go on, or null if it was closed
     */
    @Override
    public Throwable awaitStop() throws InterruptedException {
        stopped.await();
        return failure.get();
    }

    /** Stops taking requests, finishes the writes under way, and closes the journal. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            CompletableFuture.runAsync(this::endRun, runner).join();
        } finally {
            runner.shutdown();
            network.close();
            resolver.shutdown();
            stopped.countDown();
        }
    }

    private void endRun() {
        if (run != null) {
            run.close();
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
