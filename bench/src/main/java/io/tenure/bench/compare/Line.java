package io.tenure.bench.compare;

import io.tenure.bench.Workload;

/** One thing that is measured of every system. */
public enum Line {
    /** Writes, one at a time. */
    W1(Workload.SET, 1),
    /** Writes, 64 under way. */
    W64(Workload.SET, 64),
    /** Writes, 1,024 under way; memory is looked at after it. */
    W1024(Workload.SET, 1024),
    /** Linearizable reads, one at a time. */
    R1(Workload.GET, 1),
    /** Linearizable reads, 64 under way. */
    R64(Workload.GET, 64),
    /** The longest gap in a stream of writes when the leader is killed. */
    FAILOVER(Workload.SET, 16);

    private final Workload workload;
    private final int outstanding;

    Line(Workload workload, int outstanding) {
        this.workload = workload;
        this.outstanding = outstanding;
    }

    /** What is asked for. */
    public Workload workload() {
        return workload;
    }

    /** Operations under way. */
    public int outstanding() {
        return outstanding;
    }

    /** Whether throughput and latency are measured. */
    public boolean isLoad() {
        return this != FAILOVER;
    }
}
