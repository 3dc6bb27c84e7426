package io.tenure.bench.geo;

import io.tenure.bench.Latencies;
import io.tenure.bench.Load;
import io.tenure.bench.Target;
import io.tenure.bench.geo.Timeline.Seen;
import io.tenure.bench.process.Await;
import io.tenure.history.Operation;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** One fault, from the load before it to the whole cluster after it. */
final class TimelineRun {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final double NANOS_PER_MILLI = 1e6;
    /** Before a fault, for what is usual. */
    private static final double BEFORE_SECONDS = 2;
    /** Connections are made, code is compiled. */
    private static final double WARMUP_SECONDS = 1;

    private final GeoSystem system;
    private final Wan wan;
    private final GeoPlan plan;
    private final List<Clients> clients = new ArrayList<>();

    /** Those of a region. */
    private record Clients(String region, Target target, Load load, Queue<Operation> operations) {}

    TimelineRun(GeoSystem system, Wan wan, GeoPlan plan) {
        this.system = system;
        this.wan = wan;
        this.plan = plan;
    }

    /** Does it, and leaves the cluster whole. */
    Timeline run(Fault fault) throws IOException, InterruptedException {
        String leader = system.leader();
        try {
            for (String region : wan.matrix().regions()) {
                Target target = system.connect(region, Line.SET);
                Queue<Operation> operations = new ConcurrentLinkedQueue<>();
                Load load = new Load(plan.duringFaults(), List.of(target), new Latencies(), operations::add);
                clients.add(new Clients(region, target, load, operations));
            }
            clients.forEach(each -> each.load.start());
            pause(WARMUP_SECONDS);
            long begin = System.nanoTime();
            pause(BEFORE_SECONDS);
            long strike = System.nanoTime();
            fault.strike(system, wan, leader);
            long struck = System.nanoTime();
            pause(plan.faultSeconds() - (struck - strike) / 1e9);
            String next = system.leaderNow().orElse("");
            long mended = System.nanoTime();
            fault.mend(system, wan, leader);
            pause(plan.faultSeconds());
            long end = System.nanoTime();
            for (Clients each : clients) {
                if (!each.load.stop(PATIENCE)) {
                    throw new IllegalStateException("operations without outcome after " + PATIENCE.toSeconds() + " s");
                }
            }
            List<Seen> seen = new ArrayList<>();
            for (Clients each : clients) {
                for (Operation.Kind kind : List.of(Operation.Kind.WRITE, Operation.Kind.READ)) {
                    seen.add(seen(each, kind, begin - strike, strike, mended - strike, end - strike));
                }
            }
            return new Timeline(
                    Faults.label(fault),
                    fault.description(),
                    leader,
                    (begin - strike) / NANOS_PER_MILLI,
                    (struck - strike) / NANOS_PER_MILLI,
                    (mended - strike) / NANOS_PER_MILLI,
                    (end - strike) / NANOS_PER_MILLI,
                    next,
                    seen);
        } finally {
            wan.restore();
            clients.forEach(each -> each.target.close());
            clients.clear();
        }
    }

    private static void pause(double seconds) throws InterruptedException {
        Await.pause(Duration.ofNanos((long) (seconds * 1e9)));
    }

    private static Seen seen(Clients clients, Operation.Kind kind, long begin, long strike, long mended, long end) {
        SuccessTimes times = new SuccessTimes();
        long errors = 0;
        long unknown = 0;
        for (Operation operation : clients.operations) {
            if (operation.kind() != kind) {
                continue;
            }
            switch (operation.outcome()) {
                case OK -> {
                    long at = operation.returned() - strike;
                    if (at >= begin && at <= end) {
                        times.add(at, operation.returned() - operation.invoke());
                    }
                }
                case FAIL -> errors++;
                case UNKNOWN -> unknown++;
            }
        }
        Throwable first = clients.load.firstError();
        return new Seen(
                clients.region,
                kind == Operation.Kind.WRITE,
                times.longestGapMillis(0, mended, false, end),
                times.longestGapMillis(mended, end, true, end),
                times.longestGapMillis(begin, 0, true, 0),
                errors,
                unknown,
                first == null ? "" : String.valueOf(first.getMessage()),
                times.steps());
    }
}
