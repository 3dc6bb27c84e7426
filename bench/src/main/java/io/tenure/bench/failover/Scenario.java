package io.tenure.bench.failover;

/** What happens to a cluster under load. */
public enum Scenario {
    /** The leader's process is killed. It is started again on what its disk holds. */
    CRASH,
    /** The leader's process is suspended: its host says nothing any more, and closes no connection. */
    SILENT,
    /** The leader is told to stop (SIGTERM), hands over, and is started again. */
    STOP,
    /** Leadership is moved by request. */
    TRANSFER,
    /** The leader is cut off from the other nodes. */
    PARTITION,
    /** A leader that was cut off, and replaced meanwhile, is no longer. */
    HEAL,
    /** All nodes are stopped and started again, one after the other. */
    ROLLING;

    /** Whether nodes must be cut off from each other. */
    public boolean needsCuts() {
        return this == PARTITION || this == HEAL;
    }
}
