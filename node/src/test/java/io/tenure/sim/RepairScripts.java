package io.tenure.sim;

import io.tenure.raft.Message;
import java.util.ArrayList;
import java.util.List;

/** Schedules of rot and repair, played by {@link Script}. */
final class RepairScripts {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1000 * MILLI;
    private static final long FOR_EVER = 1_000_000_000_000L;
    private static final int WRITES = 6;
    private static final int ROTTEN = 4;

    private RepairScripts() {}

    /**
     * The same entry rots on all three. While one member can't be reached the others wait; once it has said that its copy is bad,
     * too, all stop and say what is wrong. One copy that is put back is enough for all.
     */
    static void allCopies(World world) {
        List<Long> places = writeAndStop(world);
        for (int id = 0; id < 3; id++) {
            turn(world, id, places.get(id));
        }
        world.start(0);
        world.start(1);
        world.runUntil(() -> !world.rot().hopeless().isEmpty(), 30 * SECOND);
        check(world.rot().hopeless().isEmpty(), "two have stopped before the third has answered");
        world.start(2);
        Script.await(world, "all have stopped", () -> world.rot().hopeless().size() == 3, 30 * SECOND);
        for (String message : world.rot().hopeless()) {
            check(
                    message.contains("logs.txt, line " + ROTTEN + " (entry " + ROTTEN + ")")
                            && message.contains("No member can give entry " + ROTTEN + ": node ")
                            && message.contains("its copy is damaged, too")
                            && message.contains("Way out: put an intact copy"),
                    "not clear: " + message);
        }
        turn(world, 1, places.get(1));
        for (int id = 0; id < 3; id++) {
            world.start(id);
        }
        awaitAll(world);
    }

    /** The same entry rots on two of three, and the third is intact: it answers, whoever starts first. */
    static void majority(World world) {
        List<Long> places = writeAndStop(world);
        turn(world, 0, places.get(0));
        turn(world, 1, places.get(1));
        world.start(0);
        world.start(1);
        world.runUntil(() -> false, 10 * SECOND);
        world.start(2);
        awaitAll(world);
        check(world.rot().hopeless().isEmpty(), "somebody has stopped");
    }

    /**
     * An entry rots on a node that crashed before it noted that it is committed; only the mark of a later record tells that it is no
     * torn tail. A former leader, which holds another entry there that nobody else ever got, is the only one to answer at first:
     * that entry is not taken, and nothing is cut.
     */
    static void stalePeer(World world) {
        startAndWrite(world, WRITES, 0);
        long rotten = Script.log(world, 0).lastIndex() + 1;
        world.filter((from, to, message) -> !Script.hasEntries(message));
        SimClient client = world.clients().get(0);
        client.write(0, 1);
        Script.await(world, "node 0 has an entry of its own", () -> Script.stores(world, 0, rotten));
        world.crash(0, false, FOR_EVER);
        world.filter(Script.onlyElects(1));
        Script.await(world, "node 1 leads, and nodes 1 and 2 have committed others", client::isIdle);
        client.write(0, 1);
        Script.await(world, "node 2 has one more", () -> Script.stores(world, 2, rotten + 2));
        world.crash(1, false, FOR_EVER);
        world.crash(2, false, FOR_EVER);
        turn(world, 2, placeOf(world.nodes().get(2), rotten));

        world.start(0);
        world.start(2);
        world.runUntil(() -> false, 5 * SECOND);
        check(!world.process(2).isServing(), "node 2 serves, though nobody could give it what it lacks");
        world.start(1);
        awaitAll(world);
    }

    /** A snapshot of several pieces comes over a link of 400 ms there and back: every piece is sent about once. */
    static void slowLink(World world) {
        startAndWrite(world, 12, 200 << 10);
        SimNode node = world.nodes().get(2);
        Script.await(
                world,
                "node 2 has a snapshot",
                () -> node.disk.durableContent(node.folder + "/snapshot.txt") != null,
                20 * SECOND);
        world.runUntil(() -> false, SECOND);
        world.stop(2, FOR_EVER);
        awaitStop(world, node);
        int size = node.disk.durableContent(node.folder + "/snapshot.txt").length;
        world.rot().turnByHand(node, "snapshot.txt", size / 2, 0);
        world.network().changeWeather(new SimNetwork.Weather(200 * MILLI, 200 * MILLI, 0, 0, 0, 0, true));
        int pieces = size / (256 << 10) + 1;
        check(pieces >= 2, "the snapshot has only " + size + " bytes");
        int[] requests = new int[1];
        world.filter((from, to, message) -> {
            requests[0] += message instanceof Message.RepairRequest ? 1 : 0;
            return true;
        });
        world.start(2);
        long allowed = (pieces + 4L) * 400 * MILLI;
        Script.await(world, "node 2 is back", () -> world.process(2).isServing(), allowed);
        check(requests[0] <= pieces + 4, requests[0] + " requests for " + pieces + " pieces");
        world.network().changeWeather(SimNetwork.Weather.FAIR);
    }

    /** The disk of a node that repairs itself is full: it waits for room, and goes on. */
    static void fullDisk(World world) {
        List<Long> places = writeAndStop(world);
        turn(world, 2, places.get(2));
        world.start(0);
        world.start(1);
        world.nodes().get(2).disk.fill(0);
        int crashes = world.crashes();
        world.start(2);
        world.runUntil(() -> false, 5 * SECOND);
        check(world.crashes() == crashes, "the full disk has ended the repair");
        check(!world.process(2).isServing(), "it serves from a full disk, with a damaged log");
        world.nodes().get(2).disk.makeRoom();
        awaitAll(world);
    }

    private static void awaitAll(World world) {
        for (SimNode node : world.nodes()) {
            Script.await(
                    world,
                    node + " serves",
                    () -> world.process(node.id) != null
                            && world.process(node.id).isServing(),
                    20 * SECOND);
        }
    }

    /** Places, by node, of a byte of the entry that is to rot. */
    private static List<Long> writeAndStop(World world) {
        startAndWrite(world, WRITES, 0);
        // The commit length is noted at a stop.
        List<Long> places = new ArrayList<>();
        for (SimNode node : world.nodes()) {
            world.stop(node.id, FOR_EVER);
        }
        world.nodes().forEach(node -> awaitStop(world, node));
        for (SimNode node : world.nodes()) {
            places.add(placeOf(node, ROTTEN));
        }
        return places;
    }

    private static void awaitStop(World world, SimNode node) {
        Script.await(world, node + " has stopped", () -> world.process(node.id) == null, 5 * SECOND);
    }

    private static long placeOf(SimNode node, long index) {
        byte[] text = node.disk.durableContent(node.folder + "/logs.txt");
        int at = 0;
        for (long line = 1; line < index; line++) {
            at = indexOfLineFeed(text, at) + 1;
        }
        return at + 5L;
    }

    private static int indexOfLineFeed(byte[] text, int from) {
        int at = from;
        while (text[at] != '\n') {
            at++;
        }
        return at;
    }

    private static void startAndWrite(World world, int writes, int length) {
        Script.startAndElect0(world);
        SimClient client = world.clients().get(0);
        for (int i = 0; i < writes; i++) {
            client.write(i % world.scenario().keys, length);
            int done = i + 1;
            Script.await(world, "write " + i + " is done", () -> client.done() == done, 20 * SECOND);
        }
        Script.await(world, "all is committed everywhere", () -> Script.committedEverywhere(world), 20 * SECOND);
        world.filter((from, to, message) -> true);
    }

    private static void turn(World world, int id, long at) {
        world.rot().turnByHand(world.nodes().get(id), "logs.txt", (int) at, 0);
    }

    private static void check(boolean holds, String problem) {
        if (!holds) {
            throw new Violation("Repair", problem);
        }
    }
}
