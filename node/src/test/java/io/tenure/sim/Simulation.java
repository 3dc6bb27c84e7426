package io.tenure.sim;

import java.util.SplittableRandom;

/** Runs seeds. */
final class Simulation {
    /** How long there is trouble in a run, in simulated time. */
    static final long TROUBLE_NANOS = 12_000_000_000L;

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
     * @param storyLines how many lines of the story to keep
     */
    static Result run(long seed, int nodes, int storyLines) {
        SplittableRandom random = new SplittableRandom(seed);
        Story story = new Story(storyLines);
        World world = new World(new Scenario(seed, nodes, random.split()), random, story);
        try {
            Report report = world.run(TROUBLE_NANOS);
            return new Result(seed, report, "", story.text());
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
