package io.tenure.sim;

import java.util.Locale;

/**
 * What a run amounted to.
 *
 * @param compactions how often a log dropped what its snapshot holds
 * @param installs how often a leader's snapshot took the place of a log
 * @param refusals how often a write was refused for a full disk
 * @param bitsTurned how many single bits turned, in one file or another
 * @param repairs how often a node had peers mend its files
 * @param foundRunning how often a node came upon damage while it ran
 * @param forgotten how often a node forgot its votes, and what came of it
 * @param recoveredNanos how long after the end of all faults the first write was acknowledged
 * @param digest the whole story in a number: equal for equal runs
 */
record Report(
        long seed,
        int nodes,
        long writes,
        long reads,
        long leaseReads,
        long earlyLeaseReads,
        int leaderships,
        int crashes,
        int compactions,
        int installs,
        int refusals,
        int bitsTurned,
        int repairs,
        int foundRunning,
        Forgetting.Tally forgotten,
        long bytesLost,
        long recoveredNanos,
        long events,
        long digest) {
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "seed %d: %d nodes, %d writes acknowledged, %d reads answered (%d by lease, %d of"
                        + " those before the leader's first commit), %d leaders elected, %d crashes,"
                        + " %d compactions, %d snapshots installed, %d writes refused for full disks, %d bits turned, %d repairs, %d of damage found while running, %s, %d bytes lost, recovered in %.0f ms, %d events, story %016x",
                seed,
                nodes,
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
                recoveredNanos / 1e6,
                events,
                digest);
    }
}
