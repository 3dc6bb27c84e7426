package io.tenure.bench.compare;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tenure.bench.KeyDistribution;
import io.tenure.bench.Latencies;
import io.tenure.bench.Load;
import io.tenure.bench.LoadPlan;
import io.tenure.bench.Preload;
import io.tenure.bench.Workload;
import io.tenure.bench.failover.Outage;
import io.tenure.bench.process.Await;
import io.tenure.history.Operation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;

/**
 * The client's side of a comparison, in a process of its own: reads orders, a line each, and answers each with a line of
 * JSON, {@code {"error":...}} if it could not be carried out. Orders: {@code ready SECONDS}, {@code preload KEYS},
 * {@code load SET|GET OUTSTANDING WARMUP SECONDS}, {@code outage-begin OUTSTANDING}, {@code outage-reset},
 * {@code outage-end}, {@code leader}. A load also says {@code {"event":"open"}} and {@code {"event":"close"}} when its
 * measured window does. The end of input ends it. One thread.
 */
public final class Driver {
    /** Keys that are written and read. */
    static final int KEYS = 100_000;
    /** Length of keys. */
    static final int KEY_BYTES = 16;
    /** Length of values. */
    static final int VALUE_BYTES = 100;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration COLLECT_EVERY = Duration.ofSeconds(1);
    private static final Duration ATTEMPT = Duration.ofSeconds(5);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(100);

    private final Contender contender;
    private final BufferedReader orders;
    private final PrintStream answers;

    private Load outageLoad;
    private final Outage outage = new Outage();

    /** Prepares; the contender stays the caller's. */
    public Driver(Contender contender, BufferedReader orders, PrintStream answers) {
        this.contender = contender;
        this.orders = orders;
        this.answers = answers;
    }

    /** Carries out orders until there are no more. */
    public void serve() throws IOException, InterruptedException {
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            ObjectNode answer;
            try {
                answer = carryOut(order.strip().split(" "));
            } catch (CompletionException | ExecutionException e) {
                answer = failure(e.getCause());
            } catch (IllegalStateException | TimeoutException e) {
                answer = failure(e);
            }
            say(answer);
        }
    }

    private static ObjectNode failure(Throwable error) {
        String message = error.getMessage() == null ? error.toString() : error.getMessage();
        return JSON.createObjectNode().put("error", message);
    }

    private void say(ObjectNode answer) {
        answers.println(answer);
        answers.flush();
    }

    private ObjectNode carryOut(String[] order) throws InterruptedException, ExecutionException, TimeoutException {
        return switch (order[0]) {
            case "ready" -> ready(Duration.ofSeconds(Long.parseLong(order[1])));
            case "preload" -> preload(Integer.parseInt(order[1]));
            case "load" ->
                load(
                        plan(Workload.valueOf(order[1]), Integer.parseInt(order[2])),
                        Double.parseDouble(order[3]),
                        Double.parseDouble(order[4]));
            case "outage-begin" -> beginOutage(Integer.parseInt(order[1]));
            case "outage-reset" -> resetOutage();
            case "outage-end" -> endOutage();
            case "leader" -> JSON.createObjectNode().put("leader", contender.leader());
            default -> throw new IllegalStateException("no such order: " + String.join(" ", order));
        };
    }

    static LoadPlan plan(Workload workload, int outstanding) {
        return new LoadPlan(
                workload, outstanding, 0, KEYS, KeyDistribution.UNIFORM, "key-", KEY_BYTES, VALUE_BYTES, false);
    }

    /** Ready is who has acknowledged a write and read it back. */
    private ObjectNode ready(Duration patience) throws InterruptedException, ExecutionException, TimeoutException {
        long start = System.nanoTime();
        long deadline = start + patience.toNanos();
        while (true) {
            try {
                contender.set("ready", "yes").get(ATTEMPT.toMillis(), TimeUnit.MILLISECONDS);
                String found = contender.get("ready").get(ATTEMPT.toMillis(), TimeUnit.MILLISECONDS);
                if (!"yes".equals(found)) {
                    throw new IllegalStateException("what was written is not read back, but " + found);
                }
                return JSON.createObjectNode().put("millis", (System.nanoTime() - start) / 1_000_000);
            } catch (ExecutionException | TimeoutException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
                Await.pause(BETWEEN_ATTEMPTS);
            }
        }
    }

    private ObjectNode preload(int keys) throws InterruptedException {
        LoadPlan all = plan(Workload.SET, 1);
        LoadPlan plan = new LoadPlan(
                all.workload(),
                1,
                0,
                Math.min(keys, KEYS),
                all.keyDistribution(),
                all.keyPrefix(),
                all.keyBytes(),
                all.valueBytes(),
                false);
        long start = System.nanoTime();
        Preload.run(plan, List.of(contender));
        return JSON.createObjectNode().put("millis", (System.nanoTime() - start) / 1_000_000);
    }

    private ObjectNode load(LoadPlan plan, double warmupSeconds, double seconds) throws InterruptedException {
        Latencies latencies = new Latencies();
        Load load = new Load(plan, List.of(contender), latencies, operation -> {});
        load.start();
        Await.pause(Duration.ofNanos((long) (warmupSeconds * 1e9)));
        long doneBefore = load.done();
        latencies.open();
        say(JSON.createObjectNode().put("event", "open"));
        long end = System.nanoTime() + (long) (seconds * 1e9);
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            Await.pause(Duration.ofNanos(Math.min(left, COLLECT_EVERY.toNanos())));
            latencies.collect();
        }
        latencies.close();
        long done = load.done() - doneBefore;
        say(JSON.createObjectNode().put("event", "close"));
        end(load);
        latencies.collect();
        if (latencies.total().getTotalCount() == 0) {
            throw new IllegalStateException("no operation succeeded" + because(load));
        }
        return report(load, latencies, done);
    }

    private static void end(Load load) throws InterruptedException {
        if (!load.stop(PATIENCE)) {
            throw new IllegalStateException("operations without outcome after " + PATIENCE.toSeconds() + " s");
        }
    }

    private static String because(Load load) {
        Throwable first = load.firstError();
        return first == null ? "" : "; the first failure: " + first;
    }

    private static ObjectNode report(Load load, Latencies latencies, long done) {
        Histogram all = latencies.total();
        ObjectNode answer = JSON.createObjectNode()
                .put("ops", done)
                .put("ops_s", latencies.opsPerSecond())
                .put("p50_us", all.getValueAtPercentile(50) / 1e3)
                .put("p99_us", all.getValueAtPercentile(99) / 1e3)
                .put("p999_us", all.getValueAtPercentile(99.9) / 1e3)
                .put("max_us", all.getMaxValue() / 1e3)
                .put("errors", load.errors())
                .put("unknown", load.unknown());
        if (load.firstError() != null) {
            answer.put("first_error", String.format(Locale.ROOT, "%s", load.firstError()));
        }
        return answer;
    }

    private ObjectNode beginOutage(int outstanding) {
        outageLoad =
                new Load(plan(Workload.SET, outstanding), List.of(contender), new Latencies(), this::countForOutage);
        outageLoad.start();
        return JSON.createObjectNode();
    }

    private void countForOutage(Operation operation) {
        if (operation.outcome() == Operation.Outcome.OK) {
            outage.success();
        }
    }

    private ObjectNode resetOutage() {
        outage.reset();
        return JSON.createObjectNode().put("writes", outage.successes());
    }

    /** The longest gap since the reset; as long as it lasts, if it has not ended. */
    private ObjectNode endOutage() throws InterruptedException {
        long before = outage.successes();
        Await.await(
                PATIENCE, () -> outage.successes() > before ? Boolean.TRUE : null, () -> "writes that succeed again");
        long gapNanos = outage.longestNanos();
        end(outageLoad);
        return JSON.createObjectNode()
                .put("gap_ms", gapNanos / 1e6)
                .put("errors", outageLoad.errors())
                .put("unknown", outageLoad.unknown());
    }
}
