package io.tenure.bench.chaos;

import io.tenure.bench.failover.StubbornReader;
import io.tenure.bench.process.ProcessCluster.Leader;
import io.tenure.bench.relay.Cut;
import io.tenure.bench.relay.LinkConditions;
import java.io.IOException;
import java.time.Duration;

/** Cut and slow links between nodes; clients reach every node all the time. */
final class LinkFaults {
    private static final int DELAY_MILLIS_MAX = 60;
    private static final int JITTER_MILLIS_MAX = 20;
    private static final int BYTES_PER_SECOND_MIN = 300_000;
    private static final int BYTES_PER_SECOND_MORE_MAX = 3_000_000;

    private final Arena arena;

    LinkFaults(Arena arena) {
        this.arena = arena;
    }

    String cutFromLeader() throws InterruptedException {
        int leader = arena.leader().id();
        return cutOneWay(leader, arena.otherThan(leader));
    }

    String cutToLeader() throws InterruptedException {
        int leader = arena.leader().id();
        return cutOneWay(arena.otherThan(leader), leader);
    }

    private String cutOneWay(int from, int to) throws InterruptedException {
        Cut cut = anyCut();
        cut(from, to, cut);
        arena.last();
        arena.net().heal();
        return "node " + from + " to node " + to + ", " + cut;
    }

    String partialPartition() throws InterruptedException {
        int leader = arena.leader().id();
        int follower = arena.otherThan(leader);
        Cut cut = anyCut();
        cut(leader, follower, cut);
        cut(follower, leader, cut);
        arena.last();
        arena.net().heal();
        return "between node " + leader + " and node " + follower + ", " + cut;
    }

    String isolateLeader() throws IOException, InterruptedException {
        Leader leader = arena.leader();
        try (StubbornReader reader = arena.askOnly(leader.id())) {
            Cut cut = isolate(leader.id());
            arena.cluster().awaitLeader(Arena.PATIENCE, leader.term());
            arena.last();
            arena.net().heal();
            reader.finish();
            return "node " + leader.id() + ", leader of term " + leader.term() + ", " + cut + "; it answered "
                    + reader.answered() + " reads of its own";
        }
    }

    String isolateFollower() throws InterruptedException {
        int follower = arena.otherThan(arena.leader().id());
        Cut cut = isolate(follower);
        arena.last();
        arena.net().heal();
        return "node " + follower + ", " + cut;
    }

    private Cut isolate(int id) {
        Cut cut = anyCut();
        for (int other : arena.others(id)) {
            cut(id, other, cut);
            cut(other, id, cut);
        }
        return cut;
    }

    String slowLinks() throws InterruptedException {
        for (int from : arena.cluster().ids()) {
            for (int to : arena.others(from)) {
                arena.net().set(Arena.place(from), Arena.place(to), slow());
            }
        }
        arena.last();
        arena.last();
        arena.net().heal();
        return "all";
    }

    private LinkConditions slow() {
        return new LinkConditions(
                Duration.ofMillis(arena.random().nextInt(DELAY_MILLIS_MAX)),
                Duration.ofMillis(arena.random().nextInt(JITTER_MILLIS_MAX)),
                BYTES_PER_SECOND_MIN + arena.random().nextInt(BYTES_PER_SECOND_MORE_MAX),
                Cut.NONE);
    }

    private Cut anyCut() {
        return arena.random().nextBoolean() ? Cut.HOLD : Cut.CLOSE;
    }

    private void cut(int from, int to, Cut cut) {
        arena.net().set(Arena.place(from), Arena.place(to), LinkConditions.FREE.with(cut));
    }
}
