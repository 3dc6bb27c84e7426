package io.tenure.bench.failover;

import io.tenure.bench.process.Await;
import io.tenure.bench.process.ProcessCluster.Leader;
import io.tenure.client.TenureClient;
import io.tenure.history.Operation;
import io.tenure.protocol.HostPort;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Plays a scenario, once or more: notes what clients see of it, then undoes what was done. */
final class RoundPlay implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final String KEY_PREFIX = "k";
    /** Successes, of writes and of reads each, that must come before a round, and before its figures are taken. */
    private static final long SUCCESSES_BETWEEN = 500;

    private final Testbed testbed;
    private final FailoverPlan plan;
    private final ClientView view;
    private final Consumer<Operation> history;
    private final StatusWatch watch;
    private final TenureClient operator;
    private final ExecutorService hand = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "failover-hand");
        thread.setDaemon(true);
        return thread;
    });
    private long stubbornReads;

    /** What is done to the cluster. */
    private interface Deed {
        void act() throws IOException, InterruptedException;
    }

    RoundPlay(Testbed testbed, FailoverPlan plan, ClientView view, Consumer<Operation> history) {
        this.testbed = testbed;
        this.plan = plan;
        this.view = view;
        this.history = history;
        watch = new StatusWatch(testbed, PATIENCE);
        operator = TenureClient.connect(testbed.addresses());
    }

    /** Reads that were answered by leaders which were taken away meanwhile. */
    long stubbornReads() {
        return stubbornReads;
    }

    Leader awaitLeader() throws InterruptedException {
        return watch.awaitLeader();
    }

    Round play(int number) throws IOException, InterruptedException {
        awaitSuccesses();
        Leader old = watch.awaitLeader();
        Round round = switch (plan.scenario()) {
            case CRASH -> restarted(number, old, () -> testbed.kill(old.id()));
            case STOP -> restarted(number, old, () -> testbed.stop(old.id()));
            case TRANSFER -> replaced(number, old, operator::transfer);
            case SILENT -> away(number, old, () -> testbed.suspend(old.id()), () -> testbed.resume(old.id()));
            case PARTITION -> away(number, old, () -> testbed.cut(old.id()), testbed::heal);
            case HEAL -> healed(number, old);
            case ROLLING -> rolling(number, old);
        };
        awaitSuccesses();
        return round;
    }

    private Round restarted(int number, Leader old, Deed deed) throws IOException, InterruptedException {
        Round round = replaced(number, old, deed);
        testbed.start(old.id());
        watch.awaitCaughtUp(old.id());
        return round;
    }

    /** While a client asks the old leader, and no other node. */
    private Round away(int number, Leader old, Deed deed, Deed undo) throws IOException, InterruptedException {
        HostPort address = HostPort.parse(testbed.address(old.id()));
        try (StubbornReader reader =
                new StubbornReader("stubborn" + number, address, KEY_PREFIX, plan.keys(), history)) {
            Await.await(PATIENCE, () -> reader.answered() > 0 ? Boolean.TRUE : null, () -> "a read of the leader");
            long start = System.nanoTime();
            Round round;
            try {
                round = replaced(number, old, deed);
                Await.pause(plan.pause().minusNanos(System.nanoTime() - start));
            } finally {
                undo.act();
            }
            watch.awaitCaughtUp(old.id());
            reader.finish();
            stubbornReads += reader.answered();
            return round;
        }
    }

    private Round healed(int number, Leader old) throws IOException, InterruptedException {
        long start;
        testbed.cut(old.id());
        try {
            watch.awaitNext(others(old), old);
            awaitSuccesses();
            view.begin();
        } finally {
            start = System.nanoTime();
            testbed.heal();
        }
        watch.awaitCaughtUp(old.id());
        double millis = millisSince(start);
        awaitSuccesses();
        return round(number, old, watch.awaitLeader(), millis);
    }

    private Round rolling(int number, Leader old) throws IOException, InterruptedException {
        view.begin();
        long start = System.nanoTime();
        for (int id : testbed.ids()) {
            testbed.stop(id);
            testbed.start(id);
            watch.awaitCaughtUp(id);
        }
        double millis = millisSince(start);
        awaitSuccesses();
        return round(number, old, watch.awaitLeader(), millis);
    }

    /** Until another node leads, and serves. */
    private Round replaced(int number, Leader old, Deed deed) throws IOException, InterruptedException {
        view.begin();
        long start = System.nanoTime();
        Future<Void> done = hand.submit(() -> {
            deed.act();
            return null;
        });
        Leader next = watch.awaitNext(others(old), old);
        double millis = millisSince(start);
        try {
            done.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("it could not be done: " + e.getCause(), e.getCause());
        }
        awaitSuccesses();
        return round(number, old, next, millis);
    }

    private Round round(int number, Leader old, Leader next, double millis) {
        return new Round(number, old, next, millis, view.writeGapMillis(), view.readGapMillis(), view.failures());
    }

    private List<Integer> others(Leader leader) {
        return testbed.ids().stream().filter(id -> id != leader.id()).toList();
    }

    private void awaitSuccesses() throws InterruptedException {
        view.awaitSuccesses(SUCCESSES_BETWEEN, PATIENCE);
    }

    private static double millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e6;
    }

    @Override
    public void close() {
        hand.shutdownNow();
        operator.close();
        watch.close();
    }
}
