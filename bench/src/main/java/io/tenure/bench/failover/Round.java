package io.tenure.bench.failover;

import io.tenure.bench.process.ProcessCluster.Leader;

/**
 * One round of a scenario.
 *
 * @param old who led before
 * @param next who led after
 * @param doneMillis until another node led; for {@link Scenario#HEAL} and {@link Scenario#ROLLING} until all nodes had caught up
 * @param writeGapMillis longest time without an acknowledged write, of all clients
 * @param readGapMillis longest time without an answered read, of all clients
 * @param failures operations that ended without success
 */
public record Round(
        int number,
        Leader old,
        Leader next,
        double doneMillis,
        double writeGapMillis,
        double readGapMillis,
        long failures) {}
