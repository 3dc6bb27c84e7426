package io.tenure.bench.geo;

import io.tenure.bench.Workload;
import io.tenure.client.ReadMode;
import java.util.List;
import java.util.Optional;

/**
 * What is measured in each region, in all of them at the same time.
 *
 * @param mode of reads
 * @param outstanding operations under way in each region
 */
record Line(String name, Workload workload, ReadMode mode, int outstanding, Floor floor) {
    /** So few that none waits for another, and enough for a percentile. */
    private static final int FEW = 8;

    private static final int MANY = 256;

    /** The one with which clients go on while something happens to the leader. */
    static final Line SET = new Line("SET", Workload.SET, ReadMode.LEASE, FEW, Floor.TO_LEADER_AND_MAJORITY);

    /** All of Tenure's; a new mode of reads is a line here. */
    static final List<Line> TENURE = List.of(
            SET,
            new Line("GET lease", Workload.GET, ReadMode.LEASE, FEW, Floor.TO_LEADER),
            new Line("GET quorum", Workload.GET, ReadMode.QUORUM, FEW, Floor.TO_LEADER_AND_MAJORITY),
            new Line("SET x" + MANY, Workload.SET, ReadMode.LEASE, MANY, Floor.TO_LEADER_AND_MAJORITY));

    /** Of systems whose linearizable reads are confirmed by a majority. */
    static final List<Line> QUORUM_READS =
            TENURE.stream().filter(line -> !line.name.equals("GET lease")).toList();

    /** The one of this name. */
    static Optional<Line> named(String name) {
        return TENURE.stream().filter(line -> line.name.equals(name)).findFirst();
    }
}
