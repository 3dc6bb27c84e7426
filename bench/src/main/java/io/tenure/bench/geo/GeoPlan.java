package io.tenure.bench.geo;

import io.tenure.bench.KeyDistribution;
import io.tenure.bench.LoadPlan;
import io.tenure.bench.Workload;
import java.util.List;

/**
 * How long and how much.
 *
 * @param warmupSeconds before each measured window
 * @param seconds of each measured window
 * @param faults what happens to the leader, in this order
 * @param faultSeconds how long each lasts before it is mended, and how long clients go on after that
 * @param opsPerSecond of each region's clients meanwhile, half reads, half writes
 */
record GeoPlan(double warmupSeconds, double seconds, List<Fault> faults, double faultSeconds, double opsPerSecond) {
    static final int KEYS = 1_000;
    static final int KEY_BYTES = 16;
    static final int VALUE_BYTES = 100;
    private static final int OUTSTANDING_MAX = 8_192;

    GeoPlan {
        faults = List.copyOf(faults);
    }

    static LoadPlan of(Line line) {
        return load(line.workload(), line.outstanding(), line.opsPerSecond());
    }

    /** What clients do while something happens to the leader. */
    LoadPlan duringFaults() {
        return load(Workload.MIXED, OUTSTANDING_MAX, opsPerSecond);
    }

    private static LoadPlan load(Workload workload, int outstanding, double opsPerSecond) {
        return new LoadPlan(
                workload,
                outstanding,
                opsPerSecond,
                KEYS,
                KeyDistribution.UNIFORM,
                "key-",
                KEY_BYTES,
                VALUE_BYTES,
                false);
    }
}
