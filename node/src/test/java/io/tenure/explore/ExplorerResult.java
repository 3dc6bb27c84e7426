package io.tenure.explore;

import io.tenure.sim.Violation;
import java.util.List;
import java.util.Map;

/**
 * What an exploration found.
 *
 * @param violation what is broken, or null
 * @param story the shortest way to it
 * @param states states that none of those found before covered; those that differ in the names of nodes alone are one
 * @param expanded those of them that were expanded; the rest was covered by others by then, or is waiting
 * @param waiting states that were not expanded because a limit was reached
 * @param configurations different states if messages did not count
 * @param represented the same with the names of nodes told apart
 * @param transitions steps taken
 * @param depth steps from the beginning to the farthest state
 * @param left by bound of the scope: how many steps it kept from being taken
 * @param localStates states of single nodes
 * @param runs how often the core was run
 * @param histories different pasts
 */
record ExplorerResult(
        Violation violation,
        List<String> story,
        int states,
        int expanded,
        int waiting,
        int configurations,
        long represented,
        long transitions,
        int depth,
        Map<Explorer.Bound, Long> left,
        int localStates,
        int runs,
        int histories,
        long nanos) {

    boolean isExhausted() {
        return violation == null && waiting == 0;
    }

    @Override
    public String toString() {
        double seconds = nanos / 1e9;
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                "%d states, %d expanded, %d transitions, depth %d, %.1f s, %.0f states/s; %d configurations of nodes (%d with"
                        + " names told apart), %d states of single nodes, %d runs of the core, %d histories%n",
                states,
                expanded,
                transitions,
                depth,
                seconds,
                expanded / seconds,
                configurations,
                represented,
                localStates,
                runs,
                histories));
        long cut = left.values().stream().mapToLong(Long::longValue).sum();
        text.append(String.format(
                "left out by the bounds of the scope: %.1f %% of all steps %s%n",
                100.0 * cut / (cut + transitions), left));
        if (violation != null) {
            text.append(violation.getMessage());
        } else if (isExhausted()) {
            text.append("exhausted: every state within the scope was found, and every invariant holds in it");
        } else {
            text.append(String.format(
                    "not exhausted: %d states (%.1f %%) wait to be expanded; every invariant holds in those found",
                    waiting, 100.0 * waiting / states));
        }
        return text.toString();
    }
}
