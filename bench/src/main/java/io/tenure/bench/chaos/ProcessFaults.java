package io.tenure.bench.chaos;

import io.tenure.bench.failover.StubbornReader;
import io.tenure.bench.process.ProcessCluster;
import io.tenure.bench.process.ProcessCluster.Leader;
import java.io.IOException;
import java.util.List;

/** Signals to processes. */
final class ProcessFaults {
    /** Java's exit code when it ends on SIGTERM without having been told another. */
    private static final int EXIT_OF_TERM = 143;

    private final Arena arena;
    private final ProcessCluster cluster;

    ProcessFaults(Arena arena) {
        this.arena = arena;
        this.cluster = arena.cluster();
    }

    String killLeader() throws IOException, InterruptedException {
        Leader leader = arena.leader();
        cluster.kill(leader.id());
        cluster.awaitLeader(Arena.PATIENCE, leader.term());
        arena.last();
        cluster.start(leader.id());
        return "node " + leader.id() + ", leader of term " + leader.term();
    }

    String killFollower() throws IOException, InterruptedException {
        return killed(List.of(arena.otherThan(arena.leader().id())));
    }

    String killTwo() throws IOException, InterruptedException {
        int leader = arena.leader().id();
        return killed(List.of(leader, arena.otherThan(leader)));
    }

    String killAll() throws IOException, InterruptedException {
        return killed(cluster.ids());
    }

    private String killed(List<Integer> ids) throws IOException, InterruptedException {
        for (int id : ids) {
            cluster.kill(id);
        }
        arena.last();
        for (int id : ids) {
            cluster.start(id);
        }
        return "nodes " + ids;
    }

    String pauseLeader() throws IOException, InterruptedException {
        Leader leader = arena.leader();
        try (StubbornReader reader = arena.askOnly(leader.id())) {
            paused(List.of(leader.id()));
            reader.finish();
            return "node " + leader.id() + ", leader of term " + leader.term() + ", which answered " + reader.answered()
                    + " reads of its own";
        }
    }

    String pauseFollower() throws IOException, InterruptedException {
        return paused(List.of(arena.otherThan(arena.leader().id())));
    }

    String pauseAll() throws IOException, InterruptedException {
        return paused(cluster.ids());
    }

    private String paused(List<Integer> ids) throws IOException, InterruptedException {
        try {
            for (int id : ids) {
                cluster.pause(id);
            }
            arena.last();
        } finally {
            for (int id : ids) {
                if (cluster.isRunning(id)) {
                    cluster.resume(id);
                }
            }
        }
        return "nodes " + ids;
    }

    String restartLeader() throws IOException, InterruptedException {
        return restarted(arena.leader().id());
    }

    String restartFollower() throws IOException, InterruptedException {
        return restarted(arena.otherThan(arena.leader().id()));
    }

    String restartRolling() throws IOException, InterruptedException {
        for (int id : cluster.ids()) {
            restarted(id);
            cluster.awaitCaughtUp(id, Arena.PATIENCE);
        }
        return "nodes " + cluster.ids();
    }

    private String restarted(int id) throws IOException, InterruptedException {
        int code = cluster.terminate(id);
        if (code != 0 && code != EXIT_OF_TERM) {
            throw new IllegalStateException(
                    "node " + id + " ended with exit code " + code + " on SIGTERM. " + cluster.describe());
        }
        cluster.start(id);
        return "node " + id;
    }
}
