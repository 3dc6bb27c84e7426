package io.tenure.sim;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs many seeds side by side: {@code --seeds N [--from SEED] [--nodes N]}, or one with its story: {@code --seed S}. Exit
 * code 0 if nothing was found, 1 on a violation or a failure, 2 on bad arguments.
 */
public final class Simulate {
    private static final String USAGE =
            "usage: sim.sh [--seeds N] [--from SEED] [--nodes N] [--threads N] | --seed SEED [--nodes N] [--lines N] [--messages 1] [--beyond-bound 1]"
                    + " | --script NAME [--lines N] [--messages 1]";
    private static final int STORY_LINES = 120;

    private long seeds = 100;
    private long from;
    private long only = -1;
    private Script script;
    private int nodes;
    private int threads = Runtime.getRuntime().availableProcessors();
    private int lines = STORY_LINES;
    private boolean messages;
    private boolean beyondBound;

    private Simulate() {}

    /** Runs what the arguments ask for, and exits. */
    public static void main(String[] args) throws InterruptedException, ExecutionException {
        Simulate simulate = new Simulate();
        try {
            simulate.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n" + USAGE);
            System.exit(2);
        }
        boolean one = simulate.only >= 0 || simulate.script != null;
        System.exit(one ? simulate.replay(System.out) : simulate.runAll(System.out));
    }

    private void parse(String[] args) {
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + " needs a number");
            }
            if (args[i].equals("--script")) {
                script = script(args[i + 1]);
                continue;
            }
            long value;
            try {
                value = Long.parseLong(args[i + 1]);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(args[i] + " " + args[i + 1] + ": not a whole number", e);
            }
            switch (args[i]) {
                case "--seeds" -> seeds = value;
                case "--from" -> from = value;
                case "--seed" -> only = value;
                case "--nodes" -> nodes = (int) value;
                case "--threads" -> threads = (int) value;
                case "--lines" -> lines = (int) value;
                case "--messages" -> messages = value != 0;
                case "--beyond-bound" -> beyondBound = value != 0;
                default -> throw new IllegalArgumentException("unknown option " + args[i]);
            }
        }
    }

    private static Script script(String name) {
        for (Script each : Script.values()) {
            if (each.name().equalsIgnoreCase(name.replace('-', '_'))) {
                return each;
            }
        }
        throw new IllegalArgumentException("unknown script " + name);
    }

    private Story story() {
        return new Story(lines, messages);
    }

    private Simulation.Result run(long seed, Story story) {
        return beyondBound ? Simulation.runBeyondClockBound(seed, nodes, story) : Simulation.run(seed, nodes, story);
    }

    private int replay(PrintStream out) {
        Simulation.Result result = script != null ? Simulation.run(script, story()) : run(only, story());
        String name = script != null ? "script " + script : "seed " + only;
        out.println(result.story());
        out.println(result.isGood() ? name + ": " + result.report() : name + ": " + result.failure());
        return result.isGood() ? 0 : 1;
    }

    private int runAll(PrintStream out) throws InterruptedException, ExecutionException {
        Summary summary = new Summary();
        AtomicLong next = new AtomicLong(from);
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        List<Future<Simulation.Result>> results = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            results.add(workers.submit(() -> work(next, stop, summary)));
        }
        Simulation.Result bad = null;
        for (Future<Simulation.Result> each : results) {
            Simulation.Result found = each.get();
            bad = bad == null || (found != null && found.seed() < bad.seed()) ? found : bad;
        }
        workers.shutdown();
        out.println(summary);
        if (bad == null) {
            return 0;
        }
        String option = (nodes > 0 ? " --nodes " + nodes : "") + (beyondBound ? " --beyond-bound 1" : "");
        out.println(run(bad.seed(), story()).story());
        out.println("seed " + bad.seed() + ": " + bad.failure());
        out.println("replay: node/sim.sh --seed " + bad.seed() + option);
        return 1;
    }

    private Simulation.Result work(AtomicLong next, AtomicBoolean stop, Summary summary) {
        while (!stop.get()) {
            long seed = next.getAndIncrement();
            if (seed >= from + seeds) {
                return null;
            }
            Simulation.Result result = run(seed, new Story(0, false));
            if (!result.isGood()) {
                stop.set(true);
                return result;
            }
            summary.add(result.report());
        }
        return null;
    }

    /** Sums over all runs. */
    private static final class Summary {
        private final long begin = System.nanoTime();
        private long runs;
        private long writes;
        private long reads;
        private long leaseReads;
        private long earlyLeaseReads;
        private long leaderships;
        private long crashes;
        private long compactions;
        private long installs;
        private long refusals;
        private long bitsTurned;
        private long repairs;
        private long foundRunning;
        private Forgetting.Tally forgotten = new Forgetting.Tally(0, 0, 0);
        private long bytesLost;
        private long events;
        private long recoveredNanosMax;
        private long digest;

        synchronized void add(Report report) {
            runs++;
            writes += report.writes();
            reads += report.reads();
            leaseReads += report.leaseReads();
            earlyLeaseReads += report.earlyLeaseReads();
            leaderships += report.leaderships();
            crashes += report.crashes();
            compactions += report.compactions();
            installs += report.installs();
            refusals += report.refusals();
            bitsTurned += report.bitsTurned();
            repairs += report.repairs();
            foundRunning += report.foundRunning();
            forgotten = forgotten.plus(report.forgotten());
            bytesLost += report.bytesLost();
            events += report.events();
            recoveredNanosMax = Math.max(recoveredNanosMax, report.recoveredNanos());
            digest += report.digest();
        }

        @Override
        public synchronized String toString() {
            return String.format(
                    "%d seeds: %d writes acknowledged, %d reads answered (%d by lease, %d of"
                            + " those before the leader's first commit), %d leaders elected, %d crashes, %d compactions, %d snapshots installed,"
                            + " %d writes refused for full disks, %d bits turned, %d repairs, %d of damage found while running, %s, %d bytes lost,"
                            + " slowest recovery %d ms, %d events, %.1f s, stories %016x",
                    runs,
                    writes,
                    reads,
                    leaseReads,
                    earlyLeaseReads,
                    leaderships,
                    crashes,
                    compactions,
                    installs,
                    refusals,
                    bitsTurned,
                    repairs,
                    foundRunning,
                    forgotten,
                    bytesLost,
                    recoveredNanosMax / 1_000_000,
                    events,
                    (System.nanoTime() - begin) / 1e9,
                    digest);
        }
    }
}
