package io.tenure.bench.chaos;

import java.io.IOException;
import java.util.List;

/** Disks that are full for a while. */
final class DiskFaults {
    private static final int BLOCKS_LEFT_MAX = 16;

    private final Arena arena;

    DiskFaults(Arena arena) {
        this.arena = arena;
    }

    String fullLeader() throws IOException, InterruptedException {
        return full(List.of(arena.leader().id()));
    }

    String fullFollower() throws IOException, InterruptedException {
        return full(List.of(arena.otherThan(arena.leader().id())));
    }

    String fullAll() throws IOException, InterruptedException {
        return full(arena.cluster().ids());
    }

    private String full(List<Integer> ids) throws IOException, InterruptedException {
        try {
            for (int id : ids) {
                arena.disks().get(id).fill(arena.random().nextInt(BLOCKS_LEFT_MAX));
            }
            arena.last();
        } finally {
            for (int id : ids) {
                arena.disks().get(id).free();
            }
        }
        return "nodes " + ids;
    }
}
