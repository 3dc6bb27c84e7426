package io.tenure.sim;

import io.tenure.raft.Message;
import java.util.Map;

/**
 * Schedules in which a node forgets right after it was the second to store an entry (LEASE.md, 4 #39), played by {@link Script}.
 * The leader, which has it, dies before it can bring it there again. Whoever elects the third node loses it.
 */
final class ForgettingScripts {
    private static final long MILLI = 1_000_000;
    private static final long FOR_EVER = 1_000_000_000_000L;

    private ForgettingScripts() {}

    /** The node loses its folder, and knows. */
    static void rejoin(World world) {
        startAndWrite(world);
        long index = writeTo2Only(world);
        world.forgetting().loseFolder(2, 50 * MILLI);
        elect1(world, index);
    }

    /** The node gets a copy back that was made while it ran, and does not know: of this life only its leader can tell. */
    static void oldCopy(World world) {
        startAndWrite(world);
        SimNode node = world.nodes().get(2);
        Map<String, byte[]> copy = node.disk.copyFolder(node.folder);
        long index = writeTo2Only(world);
        world.forgetting().putBackUnnoticed(2, copy, 50 * MILLI);
        world.runUntil(() -> isRejoining(world, 2), 2000 * MILLI);
        elect1(world, index);
    }

    private static void startAndWrite(World world) {
        Script.startAndElect0(world);
        SimClient client = world.clients().get(0);
        client.write(1);
        Script.await(world, "a first write is done", () -> client.isIdle() && Script.committedEverywhere(world));
    }

    /** Afterwards node 2 gets everything from its leader but that entry, whose index is returned. */
    private static long writeTo2Only(World world) {
        long index = Script.log(world, 0).lastIndex() + 1;
        world.filter((from, to, message) ->
                Script.onlyElects(0).passes(from, to, message) && (!Script.hasEntries(message) || to == 2));
        SimClient client = world.clients().get(0);
        client.write(1200);
        Script.await(world, "nodes 0 and 2 have committed an entry", client::isIdle);
        // Until it knows what it is, node 2 must not stand either: of the two others only the leader can tell.
        world.filter((from, to, message) ->
                !(message instanceof Message.RequestVote && from != 0 && to != 0 && !isRejoining(world, from))
                        && !(Script.hasEntries(message) && to == 1)
                        && !(Script.lastIndexIn(message) >= index
                                && Script.hasEntries(message)
                                && Script.wouldBeAccepted(world, to, message)));
        return index;
    }

    private static boolean isRejoining(World world, int id) {
        SimNode node = world.nodes().get(id);
        return node.isAlive() && node.raft.isRejoining();
    }

    /** Has the leader die and node 1 stand, who must not win. */
    private static void elect1(World world, long index) {
        Script.await(world, "node 2 has the rest again", () -> Script.stores(world, 2, index - 1));
        world.runUntil(() -> !isRejoining(world, 2), 1500 * MILLI);
        world.crash(0, false, FOR_EVER);
        world.filter((from, to, message) -> true);
        world.runUntil(() -> Script.leads(world, 1), 2000 * MILLI);
        if (Script.leads(world, 1) || !isRejoining(world, 2)) {
            throw new IllegalStateException("node 2 has voted, or is through without the entry");
        }
    }
}
