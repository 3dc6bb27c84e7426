package io.tenure.bench.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What can be done to a cluster. */
public enum FaultKind {
    /** {@code kill -9} of the leader; started again once another leads. */
    KILL_LEADER,
    /** {@code kill -9} of a follower. */
    KILL_FOLLOWER,
    /** {@code kill -9} of the leader and a follower. */
    KILL_TWO,
    /** {@code kill -9} of every node at once. */
    KILL_ALL,
    /** SIGSTOP of the leader for several leases, while clients keep asking it. */
    PAUSE_LEADER,
    /** SIGSTOP of a follower for several leases. */
    PAUSE_FOLLOWER,
    /** SIGSTOP of every node for several leases. */
    PAUSE_ALL,
    /** SIGTERM of the leader, and started again. */
    RESTART_LEADER,
    /** SIGTERM of a follower, and started again. */
    RESTART_FOLLOWER,
    /** SIGTERM of each node in turn. */
    RESTART_ROLLING,
    /** Nothing from the leader to a follower arrives; the other way works. */
    CUT_FROM_LEADER,
    /** Nothing from a follower to the leader arrives; the other way works. */
    CUT_TO_LEADER,
    /** The leader and a follower don't reach each other; everybody else reaches both. */
    PARTIAL_PARTITION,
    /** The leader reaches no other node, and none reaches it; clients do. */
    ISOLATE_LEADER,
    /** A follower reaches no other node, and none reaches it. */
    ISOLATE_FOLLOWER,
    /** Each direction has a delay, jitter and bandwidth of its own. */
    SLOW_LINKS,
    /** A killed node's last write is half there: part of a line or record, zeros, or records that are missing. */
    TORN_TAIL,
    /** The log of a stopped node is cut below what it had told to be on its disk. */
    CUT_LOG,
    /** A bit of the log of a stopped node is another. */
    FLIP_LOG,
    /** A bit of the index of a stopped node is another. */
    FLIP_INDEX,
    /** A bit of one copy of the metadata of a stopped node is another. */
    FLIP_METADATA,
    /** A bit of the snapshot of a stopped node is another. */
    FLIP_SNAPSHOT,
    /** A bit of the log of a running node is another: found while it works. */
    FLIP_LIVE,
    /** The leader's disk is full for a while. */
    FULL_DISK_LEADER,
    /** A follower's disk is full for a while. */
    FULL_DISK_FOLLOWER,
    /** Every node's disk is full for a while. */
    FULL_DISK_ALL;

    /** As the command line and the table have it: {@code kill-leader}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether the node needs a file system of its own. */
    public boolean needsSmallDisk() {
        return label().startsWith("full-disk");
    }

    /**
     * All that can be done on this machine.
     *
     * @param folder where a file system could be mounted
     * @param left told of what can't, and why
     */
    public static List<FaultKind> possible(Path folder, Consumer<String> left) {
        List<FaultKind> kinds = new ArrayList<>(List.of(values()));
        try {
            SmallDisk.probe(folder.resolve("probe"));
        } catch (IOException e) {
            left.accept("without full disks, for which root must mount a small file system: " + e.getMessage());
            kinds.removeIf(FaultKind::needsSmallDisk);
        }
        return kinds;
    }

    /** The labels of all, in order. */
    public static String labels() {
        return Arrays.stream(values()).map(FaultKind::label).collect(Collectors.joining(", "));
    }

    /**
     * Reads a list of labels, separated by commas.
     *
     * @throws IllegalArgumentException if one is unknown; the message names it
     */
    public static List<FaultKind> parse(String labels) {
        List<FaultKind> kinds = new ArrayList<>();
        for (String label : labels.split(",", -1)) {
            FaultKind kind = Arrays.stream(values())
                    .filter(candidate -> candidate.label().equals(label.strip()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "no fault is called \"" + label.strip() + "\"; there are " + labels()));
            if (!kinds.contains(kind)) {
                kinds.add(kind);
            }
        }
        return kinds;
    }
}
