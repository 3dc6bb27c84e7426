package io.tenure.bench.compare;

import com.fasterxml.jackson.databind.JsonNode;
import io.tenure.bench.floor.Forces;
import io.tenure.bench.process.Await;
import io.tenure.bench.process.Folders;
import io.tenure.bench.process.Footprint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Measures system after system, round after round. Whatever goes wrong with one is written down by its name, and the
 * others go on. One thread.
 */
final class Comparison {
    private static final int READY_SECONDS = 60;
    private static final double FORCE_SECONDS = 1;
    private static final Duration ORDER_PATIENCE = Duration.ofMinutes(3);
    private static final Duration PRELOAD_PATIENCE = Duration.ofMinutes(10);
    private static final Duration BEFORE_KILL = Duration.ofSeconds(2);
    private static final Duration AFTER_KILL = Duration.ofSeconds(6);
    private static final Duration LEADER_PATIENCE = Duration.ofSeconds(30);
    private static final double OPERATIONS = 100_000;

    private final ComparisonPlan plan;
    private final Systems systems;
    private final Consumer<String> progress;
    private final Results results = new Results();

    /**
     * Prepares.
     *
     * @param progress takes a line about everything that begins or ends
     */
    Comparison(ComparisonPlan plan, Systems systems, Consumer<String> progress) {
        this.plan = plan;
        this.systems = systems;
        this.progress = progress;
    }

    /** Does all of it. */
    Results run() throws IOException, InterruptedException {
        List<String> names = new ArrayList<>(plan.systems());
        if (plan.lines().stream().anyMatch(Line::isLoad)) {
            names.add(0, Systems.ECHO);
        }
        for (int round = 1; round <= plan.rounds(); round++) {
            for (int writers : new int[] {1, 3}) {
                Forces forces = Forces.measure(plan.folder(), writers, FORCE_SECONDS);
                results.add(forces);
                progress.accept(String.format(
                        Locale.ROOT,
                        "round %d: %d writers force %,.0f times/s together, p50 %,.0f us",
                        round,
                        writers,
                        forces.perSecond(),
                        forces.p50Micros()));
            }
            for (String name : names) {
                run(name, round);
            }
        }
        return results;
    }

    private void run(String name, int round) throws IOException, InterruptedException {
        Path folder = plan.folder().resolve(name + "-" + round);
        progress.accept("round " + round + ": " + name);
        try {
            Systems.Made made = systems.make(name, folder);
            results.add(made.info());
            try (Contestant contestant = made.contestant()) {
                contestant.startAll();
                measure(name, round, contestant, folder);
            }
        } catch (IOException | IllegalStateException e) {
            trouble(new Results.Trouble(name, round, null, oneLine(e)));
        } finally {
            Folders.remove(folder);
        }
    }

    private void measure(String name, int round, Contestant contestant, Path folder)
            throws IOException, InterruptedException {
        try (DriverProcess driver = new DriverProcess(contestant.driverCommand(), folder.resolve("driver.err"))) {
            try {
                driver.order("ready " + READY_SECONDS, ORDER_PATIENCE);
                driver.order("preload " + plan.preload(), PRELOAD_PATIENCE);
            } catch (DriverProcess.RefusedException e) {
                throw new IOException("did not come to work: " + e.getMessage() + "; " + contestant.lastWords(), e);
            }
            for (Line line : plan.lines()) {
                if (name.equals(Systems.ECHO) && !line.isLoad()) {
                    continue;
                }
                try {
                    if (line.isLoad()) {
                        add(new Results.Sample(name, round, line, load(line, contestant, driver)));
                    } else {
                        for (int kill = 0; kill < plan.kills(); kill++) {
                            add(new Results.Sample(name, round, line, kill(contestant, driver)));
                        }
                    }
                } catch (IOException | IllegalStateException e) {
                    trouble(new Results.Trouble(name, round, line, oneLine(e)));
                    if (!driver.isRunning()) {
                        return;
                    }
                }
            }
        }
    }

    private Map<String, Double> load(Line line, Contestant contestant, DriverProcess driver)
            throws IOException, InterruptedException {
        String order = "load " + line.workload() + " " + line.outstanding() + " " + plan.warmupSeconds() + " "
                + plan.seconds();
        Map<String, Duration> cpu = new LinkedHashMap<>();
        Duration patience = ORDER_PATIENCE.plusMillis((long) (1000 * (plan.warmupSeconds() + plan.seconds())));
        JsonNode answer = driver.order(order, patience, event -> cpu.put(event, contestant.cpuTime()));
        Map<String, Double> figures = figures(answer);
        double used = cpu.get("close").minus(cpu.get("open")).toMillis() / 1e3;
        figures.put("cpu_s_per_100k", used * OPERATIONS / figures.get("ops"));
        figures.put("p99_by_p50", figures.get("p99_us") / figures.get("p50_us"));
        figures.put("p999_by_p99", figures.get("p999_us") / figures.get("p99_us"));
        double resident = 0;
        for (int id : contestant.ids()) {
            if (!contestant.node(id).isRunning()) {
                throw new IOException("node " + id + " has ended; it said: "
                        + contestant.node(id).lastWords());
            }
            resident += Footprint.residentBytes(contestant.node(id).pid());
        }
        figures.put("resident_mib", resident / contestant.ids().size() / (1 << 20));
        return figures;
    }

    /** Kills the leader under load, and starts it again. */
    private Map<String, Double> kill(Contestant contestant, DriverProcess driver)
            throws IOException, InterruptedException {
        driver.order("outage-begin " + Line.FAILOVER.outstanding(), ORDER_PATIENCE);
        Await.pause(BEFORE_KILL);
        int leader = awaitLeader(contestant, driver);
        driver.order("outage-reset", ORDER_PATIENCE);
        contestant.node(leader).kill();
        try {
            Await.pause(AFTER_KILL);
            return figures(driver.order("outage-end", ORDER_PATIENCE));
        } finally {
            contestant.restart(leader);
            Await.pause(contestant.restartTime());
        }
    }

    private static int awaitLeader(Contestant contestant, DriverProcess driver)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LEADER_PATIENCE.toNanos();
        while (true) {
            OptionalInt known = contestant.leader();
            int leader = known.isPresent()
                    ? known.getAsInt()
                    : driver.order("leader", ORDER_PATIENCE).get("leader").asInt();
            if (leader >= 0) {
                return leader;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("nobody knows who leads");
            }
            Await.pause(Duration.ofMillis(200));
        }
    }

    private static Map<String, Double> figures(JsonNode answer) {
        Map<String, Double> figures = new LinkedHashMap<>();
        answer.properties().forEach(field -> {
            if (field.getValue().isNumber()) {
                figures.put(field.getKey(), field.getValue().asDouble());
            }
        });
        return figures;
    }

    private void add(Results.Sample sample) {
        results.add(sample);
        Map<String, Double> figures = sample.figures();
        progress.accept(String.format(
                Locale.ROOT,
                "round %d: %s %s: %s",
                sample.round(),
                sample.system(),
                sample.line(),
                sample.line().isLoad()
                        ? String.format(
                                Locale.ROOT,
                                "%,.0f/s, p50 %,.0f us, p99 %,.0f us, p99.9 %,.0f us, CPU %.2f s per 100k, %,.0f MiB,"
                                        + " %.0f errors, %.0f unknown",
                                figures.get("ops_s"),
                                figures.get("p50_us"),
                                figures.get("p99_us"),
                                figures.get("p999_us"),
                                figures.get("cpu_s_per_100k"),
                                figures.get("resident_mib"),
                                figures.get("errors"),
                                figures.get("unknown"))
                        : String.format(Locale.ROOT, "longest gap %,.0f ms", figures.get("gap_ms"))));
    }

    private void trouble(Results.Trouble trouble) {
        results.add(trouble);
        progress.accept("round " + trouble.round() + ": " + trouble.system() + ": " + trouble.reason());
    }

    /** Without the folder of this run, which is gone when people read it. */
    private String oneLine(Exception error) {
        String message = error.getMessage() == null ? error.toString() : error.getMessage();
        return message.replace(plan.folder().toString(), "DIR")
                .replaceAll("\\s+", " ")
                .strip();
    }
}
