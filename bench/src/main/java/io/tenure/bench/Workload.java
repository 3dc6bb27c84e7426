package io.tenure.bench;

/** What a load consists of. */
public enum Workload {
    /** Writes alone. */
    SET(1.0),
    /** Reads alone. */
    GET(0.0),
    /** As many reads as writes, in random order. */
    MIXED(0.5);

    private final double writes;

    Workload(double writes) {
        this.writes = writes;
    }

    /**
     * Whether an operation is a write.
     *
     * @param dice uniform in [0, 1)
     */
    boolean isWrite(double dice) {
        return dice < writes;
    }
}
