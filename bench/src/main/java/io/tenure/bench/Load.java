package io.tenure.bench;

import io.tenure.history.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Issues operations as planned and records what becomes of them. A closed loop issues on the threads that complete the
 * operations before; an open loop has a thread of its own that keeps the pace. Latencies of an open loop count from the
 * intended time, whatever held an operation up, so that a stall is seen by each operation that it would have hit.
 */
public final class Load {
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(10);

    private final LoadPlan plan;
    private final Keys keys;
    private final List<Client> clients = new ArrayList<>();
    private final Latencies latencies;
    private final Consumer<Operation> history;
    private final Executor later =
            CompletableFuture.delayedExecutor(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);

    private final LongAdder done = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final LongAdder unknown = new LongAdder();
    private final AtomicReference<Throwable> firstError = new AtomicReference<>();
    private final AtomicReference<Throwable> invalid = new AtomicReference<>();

    private final Semaphore permits;
    private final CountDownLatch slotsAtWork;
    private Thread pacer;
    private volatile boolean stopping;

    /** One client of the store and its name in the history. */
    private record Client(Target target, String name, Values values) {}

    /**
     * Prepares a load whose clients are called c1, c2 and so on.
     *
     * @param targets the clients, at least one; operations are spread evenly
     * @param latencies takes the latency of each operation that succeeded
     * @param history takes each operation once its outcome is settled, on any thread
     */
    public Load(LoadPlan plan, List<? extends Target> targets, Latencies latencies, Consumer<Operation> history) {
        this(plan, targets, "c", latencies, history);
    }

    /**
     * The same with other names, for several loads of one history.
     *
     * @param clientPrefix what stands before the number of a client
     */
    public Load(
            LoadPlan plan,
            List<? extends Target> targets,
            String clientPrefix,
            Latencies latencies,
            Consumer<Operation> history) {
        this.plan = plan;
        this.keys = new Keys(plan);
        this.latencies = latencies;
        this.history = history;
        for (Target target : targets) {
            String name = clientPrefix + (clients.size() + 1);
            clients.add(new Client(target, name, new Values(name, plan)));
        }
        permits = new Semaphore(plan.outstanding());
        slotsAtWork = new CountDownLatch(plan.isOpenLoop() ? 0 : plan.outstanding());
    }

    /** Begins. */
    public void start() {
        if (plan.isOpenLoop()) {
            pacer = new Thread(this::keepPace, "pacer");
            pacer.setDaemon(true);
            pacer.start();
        } else {
            for (int i = 0; i < plan.outstanding(); i++) {
                new Slot(clients.get(i % clients.size())).next();
            }
        }
    }

    /**
     * Issues nothing more and waits for what is under way.
     *
     * @return whether everything that was issued has its outcome
     */
    public boolean stop(Duration patience) throws InterruptedException {
        stopping = true;
        if (!plan.isOpenLoop()) {
            return slotsAtWork.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        }
        pacer.interrupt();
        pacer.join(patience.toMillis());
        return !pacer.isAlive() && permits.tryAcquire(plan.outstanding(), patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Operations that succeeded, since the start. */
    public long done() {
        return done.sum();
    }

    /** Operations that are certainly not done, since the start. */
    public long errors() {
        return errors.sum();
    }

    /** Operations that may or may not be done, since the start. */
    public long unknown() {
        return unknown.sum();
    }

    /** The first failure of any kind, or null. */
    public Throwable firstError() {
        return firstError.get();
    }

    /** Why the store refuses such operations for good, or null. */
    public Throwable invalid() {
        return invalid.get();
    }

    private void keepPace() {
        long start = System.nanoTime();
        double intervalNanos = TimeUnit.SECONDS.toNanos(1) / plan.opsPerSecond();
        for (long i = 0; !stopping; i++) {
            long intended = start + (long) (i * intervalNanos);
            for (long wait = intended - System.nanoTime(); wait > 0 && !stopping; wait = intended - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            try {
                permits.acquire();
            } catch (InterruptedException e) {
                return; // only stop() interrupts
            }
            if (stopping) {
                permits.release();
                return;
            }
            issue(clients.get((int) (i % clients.size())), intended, succeeded -> permits.release());
        }
    }

    /** One operation after the other. */
    private final class Slot {
        private final Client client;
        private final AtomicInteger due = new AtomicInteger();

        Slot(Client client) {
            this.client = client;
        }

        /** Issues the next operation; a loop rather than a recursion if it ends at once. */
        void next() {
            if (due.getAndIncrement() > 0) {
                return;
            }
            do {
                if (stopping) {
                    slotsAtWork.countDown();
                } else {
                    issue(client, System.nanoTime(), succeeded -> {
                        if (succeeded) {
                            next();
                        } else {
                            later.execute(this::next);
                        }
                    });
                }
            } while (due.decrementAndGet() > 0);
        }
    }

    private void issue(Client client, long intended, Consumer<Boolean> ended) {
        String key = keys.pick();
        boolean write = plan.workload().isWrite(ThreadLocalRandom.current().nextDouble());
        String written = write ? client.values.next() : null;
        long invoke = System.nanoTime();
        CompletableFuture<?> future = write ? client.target.set(key, written) : client.target.get(key);
        var unused = future.whenComplete((answer, error) -> {
            long returned = System.nanoTime();
            Operation.Outcome outcome = outcome(client.target, error);
            if (outcome == Operation.Outcome.OK) {
                latencies.record(intended, returned, plan.isOpenLoop());
            }
            history.accept(new Operation(
                    key,
                    write ? Operation.Kind.WRITE : Operation.Kind.READ,
                    write ? written : (String) answer,
                    invoke,
                    outcome == Operation.Outcome.UNKNOWN ? Operation.NEVER : returned,
                    outcome,
                    client.name));
            ended.accept(outcome == Operation.Outcome.OK);
        });
    }

    private Operation.Outcome outcome(Target target, Throwable error) {
        if (error == null) {
            done.increment();
            return Operation.Outcome.OK;
        }
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        firstError.compareAndSet(null, cause);
        Target.Failure failure = target.failure(cause);
        if (failure == Target.Failure.UNKNOWN) {
            unknown.increment();
            return Operation.Outcome.UNKNOWN;
        }
        if (failure == Target.Failure.INVALID) {
            invalid.compareAndSet(null, cause);
        }
        errors.increment();
        return Operation.Outcome.FAIL;
    }
}
