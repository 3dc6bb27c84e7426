package io.tenure.raft;

import java.util.random.RandomGenerator;

/**
 * How soon nodes stand that have seen their leader's process go (LEASE.md, 3.9): within 30 ms, each at its own time, so that they
 * don't split the votes; and again soon, as others may see it a little later. Only a few times: the hint may be wrong. Who stands
 * in earnest is not hurried, as votes have to be written: standing again would only make more to be written.
 */
final class Haste {
    private static final long SPREAD_NANOS = 30 * Parameters.NANOS_PER_MILLI;
    private static final int CANDIDACIES_MAX = 8;

    private final Parameters parameters;
    private final AdaptiveTiming timing;
    private final RandomGenerator random;
    private int gone;
    private int candidaciesLeft;

    Haste(Parameters parameters, AdaptiveTiming timing, RandomGenerator random) {
        this.parameters = parameters;
        this.timing = timing;
        this.random = random;
    }

    void begin(int goneLeader) {
        gone = goneLeader;
        candidaciesLeft = CANDIDACIES_MAX;
    }

    /** There is a leader. */
    void end() {
        candidaciesLeft = 0;
    }

    /** When to stand: the survivors take turns, in the order of their ids, beginning after the one that is gone. */
    long drawFirstNanos() {
        int nodes = parameters.voters().size();
        int turn = Math.floorMod(parameters.slotOf(parameters.nodeId()) - parameters.slotOf(gone) - 1, nodes);
        long turnNanos = SPREAD_NANOS / Math.max(1, nodes - 1);
        return turn * turnNanos + random.nextLong(0, turnNanos / 2);
    }

    /** How long to ask in a pre-vote; 0 if there is no haste. */
    long drawPreVoteNanos() {
        if (candidaciesLeft == 0) {
            return 0;
        }
        candidaciesLeft--;
        return drawFirstNanos() + SPREAD_NANOS;
    }

    /** When to stand again after votes were split: as soon as in the first place, or if there is no haste, no sooner than ever. */
    long drawRetryNanos() {
        return candidaciesLeft == 0 ? timing.get().electionTimeoutMaxNanos() : drawFirstNanos();
    }
}
