package io.tenure.sim;

import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Runs seeds. */
final class Simulation {
    /** How long there is trouble in a run, in simulated time. */
    static final long TROUBLE_NANOS = 16_000_000_000L;

    /** What came of a seed: either a report, or a failure with its story. */
    record Result(long seed, Report report, String failure, String story) {
        boolean isGood() {
            return report != null;
        }
    }

    private Simulation() {}

    /**
     * Runs one seed.
     *
     * @param nodes 0 to have the seed draw it
     * @param story takes in what happens
     */
    static Result run(long seed, int nodes, Story story) {
        SplittableRandom random = new SplittableRandom(seed);
        return judge(seed, story, () -> {
            World world = new World(new Scenario(seed, nodes, random.split()), random, story);
            return world.run(TROUBLE_NANOS);
        });
    }

    /** Runs one seed with clocks that break the bound which nodes are told: leases then prove nothing (LEASE.md, 3.2). */
    static Result runBeyondClockBound(long seed, int nodes, Story story) {
        SplittableRandom random = new SplittableRandom(seed);
        return judge(seed, story, () -> {
            SplittableRandom drawn = random.split();
            World world = new World(new Scenario(seed, nodes, drawn).beyondClockBound(drawn), random, story);
            return world.run(TROUBLE_NANOS);
        });
    }

    /** Runs a schedule that was written by hand. */
    static Result run(Script script, Story story) {
        return judge(-1, story, () -> {
            World world = new World(script.scenario(), new SplittableRandom(1), story);
            script.play(world);
            return world.end();
        });
    }

    private static Result judge(long seed, Story story, Supplier<Report> run) {
        try {
            return new Result(seed, run.get(), "", story.text());
        } catch (Violation e) {
            return new Result(seed, null, "VIOLATED " + e.getMessage(), story.text());
        } catch (RuntimeException e) {
            return new Result(seed, null, "FAILED " + describe(e), story.text());
        }
    }

    private static String describe(Throwable failure) {
        StringBuilder text = new StringBuilder(failure.toString());
        for (StackTraceElement element : failure.getStackTrace()) {
            if (element.getClassName().startsWith("io.tenure.")) {
                text.append("\n    at ").append(element);
            }
        }
        return failure.getCause() == null ? text.toString() : text + "\n  by " + describe(failure.getCause());
    }
}
