package io.tenure.sim;

import java.io.IOException;

/** Tells failures that were ordered from those that are not. */
final class SimulatedFailure {
    private SimulatedFailure() {}

    /** Whether it failed because that was ordered. */
    static boolean isCauseOf(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof IOException && each.getMessage().contains(SimDisk.SIMULATED)) {
                return true;
            }
        }
        return false;
    }
}
