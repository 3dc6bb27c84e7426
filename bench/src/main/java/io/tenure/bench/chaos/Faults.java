package io.tenure.bench.chaos;

import java.io.IOException;

/** Does what a {@link FaultKind} says, and undoes it. One thread at a time. */
final class Faults {
    private final ProcessFaults processes;
    private final LinkFaults links;
    private final FileFaults files;
    private final DiskFaults disks;

    Faults(Arena arena) {
        processes = new ProcessFaults(arena);
        links = new LinkFaults(arena);
        files = new FileFaults(arena);
        disks = new DiskFaults(arena);
    }

    /**
     * Injects a fault and takes it away; the cluster may still be recovering when this returns.
     *
     * @return whom it hit, in words
     * @throws IllegalStateException if the cluster does not do in time what it should
     */
    String inject(FaultKind kind) throws IOException, InterruptedException {
        return switch (kind) {
            case KILL_LEADER -> processes.killLeader();
            case KILL_FOLLOWER -> processes.killFollower();
            case KILL_TWO -> processes.killTwo();
            case KILL_ALL -> processes.killAll();
            case PAUSE_LEADER -> processes.pauseLeader();
            case PAUSE_FOLLOWER -> processes.pauseFollower();
            case PAUSE_ALL -> processes.pauseAll();
            case RESTART_LEADER -> processes.restartLeader();
            case RESTART_FOLLOWER -> processes.restartFollower();
            case RESTART_ROLLING -> processes.restartRolling();
            case CUT_FROM_LEADER -> links.cutFromLeader();
            case CUT_TO_LEADER -> links.cutToLeader();
            case PARTIAL_PARTITION -> links.partialPartition();
            case ISOLATE_LEADER -> links.isolateLeader();
            case ISOLATE_FOLLOWER -> links.isolateFollower();
            case SLOW_LINKS -> links.slowLinks();
            case TORN_TAIL -> files.tornTail();
            case CUT_LOG -> files.cutLog();
            case FLIP_LOG -> files.flipLog();
            case FLIP_INDEX -> files.flipIndex();
            case FLIP_METADATA -> files.flipMetadata();
            case FLIP_SNAPSHOT -> files.flipSnapshot();
            case FLIP_LIVE -> files.flipLive();
            case FULL_DISK_LEADER -> disks.fullLeader();
            case FULL_DISK_FOLLOWER -> disks.fullFollower();
            case FULL_DISK_ALL -> disks.fullAll();
        };
    }
}
