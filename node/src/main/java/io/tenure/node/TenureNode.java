package io.tenure.node;

import io.tenure.handoff.Clock;
import io.tenure.journal.DamagedException;
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
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node: one {@link NodeRun} after another. A run ends when it comes upon damage in its files; then this repairs them
 * from the peers and begins the next run, unaided, in the same process. Every other failure is the end.
 */
public final class TenureNode implements NodeProcess {
    private static final Logger LOGGER = LoggerFactory.getLogger(TenureNode.class);

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
    private final AtomicReference<CountDownLatch> repairing = new AtomicReference<>();
    private final DamageRecord damages = new DamageRecord();

    /** Looked at by {@link #runner} only, but for the client port. */
    private volatile NodeRun run;

    private TenureNode(Settings settings) {
        this.settings = settings;
        this.network = Network.open(task -> new Thread(task, "tenure-network"), clock, resolver);
    }

    /**
     * Starts a node: recovers its folder, then listens, then takes part. Repairs the folder first if that is needed, however
     * long the peers take.
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

    /** Has a run, as soon as the files are good. */
    private void begin() {
        while (!closed.get()) {
            try {
                next(this::fail).open();
                return;
            } catch (DamagedException e) {
                repair(e);
            }
        }
    }

    /** The run that comes now; its failures go to {@code onFailure}, together with it. */
    private NodeRun next(Consumer<Throwable> onFailure) {
        run = new NodeRun(settings, clock, network, onFailure);
        return run;
    }

    /** Ends the run and repairs the files; returns when that is done, or this node is closed. */
    private void repair(DamagedException damage) {
        LOGGER.error("{}", damage.getMessage());
        run.close();
        damages.add(damage, run.isScrubbed());
        CountDownLatch ended = new CountDownLatch(1);
        repairing.set(ended);
        AtomicReference<Throwable> broken = new AtomicReference<>();
        NodeRun repair = next(cause -> {
            broken.set(cause);
            ended.countDown();
        });
        try {
            repair.openForRepair(ended::countDown);
            if (!closed.get()) {
                ended.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while repairing", e);
        } finally {
            repair.close();
        }
        if (broken.get() instanceof RuntimeException failed) {
            throw failed;
        }
        if (broken.get() != null) {
            throw new IllegalStateException("the repair failed", broken.get());
        }
    }

    /**
     * Something that a stage can't go on with: damage that may be repaired; or a broken invariant or disk, at which the node
     * stops. What the failed stage had not finished is never acknowledged (D5).
     */
    private void fail(Throwable cause) {
        if (cause instanceof DamagedException damage) {
            runner.execute(() -> goOn(damage));
        } else {
            end(cause);
        }
    }

    private void goOn(DamagedException damage) {
        if (closed.get()) {
            return;
        }
        try {
            repair(damage);
            begin();
        } catch (RuntimeException | Error e) {
            end(e);
        }
    }

    private void end(Throwable cause) {
        if (failure.compareAndSet(null, cause)) {
            stopped.countDown();
        }
    }

    /** Where clients connect. */
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
        CountDownLatch underway = repairing.get();
        if (underway != null) {
            underway.countDown();
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
