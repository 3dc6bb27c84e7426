package io.tenure.sim;

import io.tenure.raft.Entry;
import io.tenure.raft.Message;
import io.tenure.raft.Role;
import java.util.function.BooleanSupplier;

/** Schedules written by hand, for what chance hits too seldom. */
enum Script {
    /**
     * Figure 8 of the Raft paper: an entry of an earlier term is on a majority, and still the next leader replaces it. Who
     * commits it by counting copies loses it.
     */
    FIGURE_8 {
        @Override
        Scenario scenario() {
            // The entry is longer than a batch, so that it travels alone.
            return Scenario.calm(5, 2000, "keyBytesMax: 64, valueBytesMax: 2048, batchBytesMax: 1KiB");
        }

        @Override
        void play(World world) {
            world.filter(onlyElects(0));
            for (SimNode node : world.nodes()) {
                world.start(node.id);
            }
            await(world, "node 0 leads", () -> leads(world, 0));
            SimClient client = world.clients().get(0);
            client.write(1);
            await(world, "a first write is done", () -> client.isIdle() && committedEverywhere(world));

            // (a) The leader's next entry reaches one follower, and the leader dies.
            long index = log(world, 0).lastIndex() + 1;
            world.filter((from, to, message) -> !hasEntries(message) || to == 1);
            client.write(1200);
            await(world, "the entry is on two nodes", () -> stores(world, 0, index) && stores(world, 1, index));
            long term = log(world, 0).term(index);
            world.crash(0, false, FOR_EVER);

            // (b) Another node is elected by those who don't have it, appends its own, and dies.
            World.Filter elect4 = onlyElects(4);
            world.filter((from, to, message) -> to != 1
                    && from != 1
                    && elect4.passes(from, to, message)
                    && !(message instanceof Message.AppendEntry));
            await(world, "node 4 has an entry of its own", () -> leads(world, 4) && stores(world, 4, index));
            world.crash(4, false, FOR_EVER);

            // (c) The first one is back, and brings the old entry to a majority, but not the NO-OP of its new term.
            World.Filter elect0 = onlyElects(0);
            world.filter((from, to, message) -> elect0.passes(from, to, message)
                    && !(hasEntriesAfter(term, message) && wouldBeAccepted(world, to, message)));
            world.start(0);
            await(
                    world,
                    "node 0 leads again",
                    () -> leads(world, 0) && world.nodes().get(0).raft.currentTerm() > term);
            await(
                    world,
                    "the old entry is on a majority",
                    () -> stores(world, 2, index) && log(world, 2).term(index) == term);
            world.runUntil(() -> world.nodes().get(0).raft.commitIndex() >= index, 300 * MILLI);
            world.crash(0, false, FOR_EVER);

            // (d) Node 4 is back; its last entry is of a later term, so it wins and replaces the old entry.
            world.filter(elect4);
            world.start(4);
            await(world, "node 4 leads again", () -> leads(world, 4));
            world.clients().forEach(SimClient::begin);
        }
    },

    /**
     * A node loses its folder right after it was the second to store an entry (LEASE.md, 4 #39). The leader, which has it, dies
     * before it can bring it there again. Whoever elects the third node loses it.
     */
    REJOIN {
        @Override
        Scenario scenario() {
            // The entry is longer than a batch, so that it travels alone.
            return Scenario.calm(3, 300, "keyBytesMax: 64, valueBytesMax: 2048, batchBytesMax: 1KiB");
        }

        @Override
        void play(World world) {
            world.filter(onlyElects(0));
            for (SimNode node : world.nodes()) {
                world.start(node.id);
            }
            await(world, "node 0 leads", () -> leads(world, 0));
            SimClient client = world.clients().get(0);
            client.write(1);
            await(world, "a first write is done", () -> client.isIdle() && committedEverywhere(world));
            long index = log(world, 0).lastIndex() + 1;
            world.filter((from, to, message) ->
                    onlyElects(0).passes(from, to, message) && (!hasEntries(message) || to == 2));
            client.write(1200);
            await(world, "nodes 0 and 2 have committed an entry", client::isIdle);

            // Node 2 loses all. It gets everything from its leader, but not that entry.
            world.filter((from, to, message) -> !(message instanceof Message.RequestVote && from == 1)
                    && !(hasEntries(message) && to == 1)
                    && !(hasEntries(message) && lastIndexIn(message) >= index));
            world.forgetting().loseFolder(2, 50 * MILLI);
            await(world, "node 2 has the rest again", () -> stores(world, 2, index - 1));
            world.runUntil(() -> !world.nodes().get(2).raft.isRejoining(), 1500 * MILLI);

            // The leader dies, and node 1 stands.
            world.crash(0, false, FOR_EVER);
            world.filter((from, to, message) -> true);
            world.runUntil(() -> leads(world, 1), 2000 * MILLI);
            if (leads(world, 1) || !world.nodes().get(2).raft.isRejoining()) {
                throw new IllegalStateException("node 2 has voted, or is through without the entry");
            }
            world.clients().forEach(SimClient::begin);
        }
    };

    private static final long MILLI = 1_000_000;
    private static final long FOR_EVER = 1_000_000_000_000L;

    /** What the world is like. */
    abstract Scenario scenario();

    /** Makes it happen. */
    abstract void play(World world);

    private static void await(World world, String what, BooleanSupplier condition) {
        if (!world.runUntil(condition, 5000 * MILLI)) {
            throw new IllegalStateException("the script is stuck: never came to \"" + what + "\"");
        }
        world.story().tell(world.timeline().now(), "script: " + what);
    }

    private static World.Filter onlyElects(int node) {
        return (from, to, message) -> !(message instanceof Message.RequestVote) || from == node;
    }

    private static boolean hasEntries(Message message) {
        return message instanceof Message.AppendEntry append
                && !append.entries().isEmpty();
    }

    private static long lastIndexIn(Message message) {
        return message instanceof Message.AppendEntry append
                ? append.prev().index() + append.entries().size()
                : 0;
    }

    private static boolean hasEntriesAfter(long term, Message message) {
        if (message instanceof Message.AppendEntry append) {
            for (Entry entry : append.entries()) {
                if (entry.term() > term) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean wouldBeAccepted(World world, int to, Message message) {
        return message instanceof Message.AppendEntry append
                && append.prev().index() <= log(world, to).lastIndex()
                && append.prev().term() == log(world, to).term(append.prev().index());
    }

    private static boolean leads(World world, int node) {
        SimNode leader = world.nodes().get(node);
        return leader.isAlive() && leader.raft.role() == Role.LEADER;
    }

    private static LogMirror log(World world, int node) {
        return world.nodes().get(node).log;
    }

    private static boolean stores(World world, int node, long index) {
        SimNode storing = world.nodes().get(node);
        return storing.isAlive() && storing.raft.durableIndex() >= index;
    }

    private static boolean committedEverywhere(World world) {
        return world.nodes().stream()
                .allMatch(node -> node.isAlive()
                        && node.raft.commitIndex() == log(world, 0).lastIndex());
    }
}
