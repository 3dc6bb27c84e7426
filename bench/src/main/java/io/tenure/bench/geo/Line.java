package io.tenure.bench.geo;

import io.tenure.bench.Workload;
import io.tenure.client.ReadMode;
import java.util.List;
import java.util.Optional;

/**
 * What is measured in each region, in all of them at the same time.
 *
 * @param mode of reads
 * @param opsPerSecond pace in each region: latencies count from the time at which an operation was to begin; 0 for as
 *     fast as it goes
 * @param outstanding operations under way at most in each region
 */
record Line(String name, Workload workload, ReadMode mode, double opsPerSecond, int outstanding, Floor floor) {
    private static final int MANY = 256;

    /** The one with which clients go on while something happens to the leader. */
    static final Line SET = steady("SET", Workload.SET, ReadMode.LEASE, Floor.TO_LEADER_AND_MAJORITY);

    /** All of Tenure's; a new mode of reads is a line here. */
    static final List<Line> TENURE = List.of(
            SET,
            steady("GET lease", Workload.GET, ReadMode.LEASE, Floor.TO_LEADER),
            steady("GET quorum", Workload.GET, ReadMode.QUORUM, Floor.TO_LEADER_AND_MAJORITY),
            busy("SET", Workload.SET, Floor.TO_LEADER_AND_MAJORITY),
            busy("GET", Workload.GET, Floor.TO_LEADER));

    /** Latencies of systems whose linearizable reads are confirmed by a majority. */
    static final List<Line> QUORUM_READS = TENURE.stream()
            .filter(line -> line.opsPerSecond > 0 && line.floor == Floor.TO_LEADER_AND_MAJORITY)
            .toList();

    /** A pace at which no operation waits for another: what counts is latency. */
    private static Line steady(String name, Workload workload, ReadMode mode, Floor floor) {
        return new Line(name, workload, mode, 100, 4_096, floor);
    }

    /** So many under way that they do wait: what counts is throughput. */
    private static Line busy(String name, Workload workload, Floor floor) {
        return new Line(name + " x" + MANY, workload, ReadMode.LEASE, 0, MANY, floor);
    }

    /** How much of it there is, in words. */
    String pace() {
        return opsPerSecond > 0 ? (long) opsPerSecond + "/s" : outstanding + " under way";
    }

    /** The one of this name. */
    static Optional<Line> named(String name) {
        return TENURE.stream().filter(line -> line.name.equals(name)).findFirst();
    }
}
