package io.tenure.bench.geo;

import io.tenure.bench.LoadReport;
import io.tenure.bench.LoadRun;
import io.tenure.bench.Preload;
import io.tenure.bench.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Everything that is measured of one system, with its leader in one region. */
final class SystemRun {
    private static final int ATTEMPTS_MAX = 3;

    private final GeoSystem system;
    private final Wan wan;
    private final GeoPlan plan;
    private final String home;
    private final Consumer<String> progress;
    private final List<String> troubles = new ArrayList<>();

    /** Prepares; {@code home} is where the leader is to be. */
    SystemRun(GeoSystem system, Wan wan, GeoPlan plan, String home, Consumer<String> progress) {
        this.system = system;
        this.wan = wan;
        this.plan = plan;
        this.home = home;
        this.progress = progress;
    }

    SystemResults run() throws IOException, InterruptedException {
        String name = system.note().name();
        comeHome();
        progress.accept(name + ": the leader is in " + home);
        try (Target target = system.connect(home, Line.SET)) {
            Preload.run(GeoPlan.of(Line.SET), List.of(target));
        }
        List<RegionFigures> figures = new ArrayList<>();
        for (Line line : system.lines()) {
            progress.accept(name + ": " + line.name());
            figures.addAll(measureAtHome(line));
        }
        List<Timeline> timelines = new ArrayList<>();
        for (Fault fault : plan.faults()) {
            progress.accept(name + ": " + Faults.label(fault) + ", " + fault.description());
            timelines.add(new TimelineRun(system, wan, plan).run(fault));
            comeHome();
        }
        return new SystemResults(system.note(), home, figures, timelines, troubles);
    }

    private void comeHome() throws IOException, InterruptedException {
        system.awaitWhole();
        system.lead(home);
        system.awaitWhole();
    }

    /** Figures of two leaders in one table would mean nothing: it is done again if the leader changes, and told. */
    private List<RegionFigures> measureAtHome(Line line) throws IOException, InterruptedException {
        for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
            List<RegionFigures> figures = measure(line);
            String leader = system.leader();
            if (leader.equals(home)) {
                return figures;
            }
            String trouble = line.name() + ": the leader went from " + home + " to " + leader + " meanwhile; "
                    + (attempt < ATTEMPTS_MAX ? "measured again" : "left out");
            troubles.add(trouble);
            progress.accept(trouble);
            comeHome();
        }
        return List.of();
    }

    private List<RegionFigures> measure(Line line) throws IOException, InterruptedException {
        List<String> regions = wan.matrix().regions();
        List<Target> targets = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(regions.size());
        try {
            List<Future<RegionFigures>> running = new ArrayList<>();
            for (String region : regions) {
                targets.add(system.connect(region, line));
            }
            for (int i = 0; i < regions.size(); i++) {
                String region = regions.get(i);
                Target target = targets.get(i);
                running.add(threads.submit(() -> measure(region, line, target)));
            }
            List<RegionFigures> figures = new ArrayList<>();
            for (Future<RegionFigures> each : running) {
                figures.add(each.get());
            }
            return figures;
        } catch (ExecutionException e) {
            throw new IllegalStateException(line.name() + ": " + e.getCause().getMessage(), e);
        } finally {
            threads.shutdownNow();
            targets.forEach(Target::close);
        }
    }

    private RegionFigures measure(String region, Line line, Target target) throws IOException, InterruptedException {
        LoadRun run = new LoadRun(GeoPlan.of(line), List.of(target));
        LoadReport report = run.run(plan.warmupSeconds(), plan.seconds());
        if (report.latencies().getTotalCount() == 0) {
            throw new IllegalStateException(
                    "no operation of clients in " + region + " succeeded; the first failure: " + run.firstError());
        }
        return RegionFigures.of(region, line, report, run.firstError());
    }
}
