package io.tenure.sim;

import io.tenure.net.PeerCodec;
import io.tenure.protocol.proto.ReadMode;
import io.tenure.raft.Message;
import java.util.ArrayDeque;
import java.util.Deque;

/** Schedules about reads near the client, played by {@link Script}. Node 0 leads, and node 1 is near the reader. */
final class ReadScripts {
    private static final long MILLI = 1_000_000;
    private static final int ROUNDS = 20;
    /** A round trip of the reader and one of its node, the slowest that a calm world has; less than a heartbeat's interval. */
    private static final long TAKES_NANOS_MAX = 15 * MILLI;

    private static final int BOUND_MILLIS = 400;

    private ReadScripts() {}

    /** Each read at the follower comes right after a write that another client was told of, and waits for no heartbeat. */
    static void atAFollower(World world) {
        begin(world);
        SimClient writer = world.clients().get(0);
        SimClient reader = world.clients().get(1);
        for (int round = 1; round <= ROUNDS; round++) {
            long written = writer.done();
            int found = reader.found();
            writer.write(0, 1);
            Script.await(world, "a write is done", () -> writer.done() > written);
            reader.read(0, ReadMode.FOLLOWER, 0);
            if (!world.runUntil(() -> reader.found() > found, TAKES_NANOS_MAX)) {
                throw new Violation("FollowerReadIsQuick", "the follower did not answer in time, in round " + round);
            }
        }
        // Whoever asks the leader meanwhile sees no less than the follower's readers did.
        long index = Script.log(world, 0).lastIndex() + 1;
        world.process(0).stallApplier(MILLI * BOUND_MILLIS);
        writer.write(0, 1);
        Script.await(
                world,
                "a write is committed that the leader has not applied",
                () -> world.nodes().get(0).raft.commitIndex() >= index);
        int found = reader.found();
        reader.read(0, ReadMode.FOLLOWER, 0);
        Script.await(world, "the follower has read it", () -> reader.found() > found);
        writer.read(0);
        Script.await(world, "the leader has read it", writer::isIdle);
        world.network().mendAll();
    }

    /** The follower and the reader near it are cut off from all others, while these write on. */
    static void inAnIsolatedRegion(World world) {
        begin(world);
        SimClient writer = world.clients().get(0);
        SimClient reader = world.clients().get(1);
        world.network().part(0, 1);
        world.network().part(2, 1);
        long cutAt = world.timeline().now();
        int served = 0;
        while (world.timeline().now() < cutAt + MILLI * BOUND_MILLIS * 3 / 4) {
            int found = reader.found();
            reader.read(0, ReadMode.BOUNDED, BOUND_MILLIS);
            writer.write(0, 1);
            if (!world.runUntil(() -> reader.found() > found, TAKES_NANOS_MAX)) {
                throw new Violation("IsolatedFollowerServes", "no answer, after " + served);
            }
            served++;
        }
        world.timeline().runUntil(cutAt + MILLI * BOUND_MILLIS);
        int found = reader.found();
        reader.read(0, ReadMode.BOUNDED, BOUND_MILLIS);
        Script.await(world, "the reader is told that it can't be answered", reader::isIdle, SimClient.IDLE_NANOS_MAX);
        if (reader.found() > found) {
            throw new Violation("IsolatedFollowerRefuses", "it has answered with data older than the bound");
        }
        world.network().mendAll();
        reader.read(0, ReadMode.BOUNDED, BOUND_MILLIS);
        Script.await(world, "the reader is answered again", () -> reader.found() > found);
    }

    /** An echo gets stuck and arrives when more has been written; nothing else comes to the follower. */
    static void afterALateEcho(World world) {
        begin(world);
        SimClient writer = world.clients().get(0);
        SimClient reader = world.clients().get(1);
        Deque<Message> stuck = new ArrayDeque<>();
        world.filter((from, to, message) -> {
            boolean toReader = from == 0 && to == 1;
            if (toReader && message instanceof Message.AppendEntry append && append.echo() != null) {
                stuck.add(message);
            }
            return !toReader && Script.onlyElects(0).passes(from, to, message);
        });
        Script.await(world, "an echo is stuck", () -> !stuck.isEmpty());
        long written = writer.done();
        writer.write(0, 1);
        Script.await(world, "a write is done", () -> writer.done() > written);
        world.timeline().runUntil(world.timeline().now() + MILLI * BOUND_MILLIS);
        world.process(1).receive(0, SimWire.bytesOf(new PeerCodec(0).encode(stuck.getFirst())));
        world.timeline().runUntil(world.timeline().now() + MILLI);
        reader.read(0, ReadMode.BOUNDED, BOUND_MILLIS / 2);
        world.timeline().runUntil(world.timeline().now() + MILLI * BOUND_MILLIS / 4);
        world.filter((from, to, message) -> true);
        world.network().mendAll();
        Script.await(world, "the reader is answered", reader::isIdle);
    }

    /** Who has written finds only a node that does not know of it, and waits. */
    static void ofASession(World world) {
        begin(world);
        SimClient session = world.clients().get(0);
        world.network().part(0, 1);
        world.network().part(2, 1);
        long written = session.done();
        session.write(0, 1);
        Script.await(world, "a write is done", () -> session.done() > written);
        nearNode1(world, session);
        session.read(0, ReadMode.SESSION, 0);
        // Until it has tried the others in vain, and comes to node 1.
        world.timeline().runUntil(world.timeline().now() + 3000 * MILLI);
        world.network().mendAll();
        Script.await(world, "the session has read its own write", session::isIdle);
    }

    /** All know the leader, and one reader has but node 1. */
    private static void begin(World world) {
        Script.startAndElect0(world);
        SimClient writer = world.clients().get(0);
        SimClient reader = world.clients().get(1);
        writer.write(0, 1);
        Script.await(world, "a write is done", () -> writer.done() == 1 && Script.committedEverywhere(world));
        nearNode1(world, reader);
        reader.read(0, ReadMode.FOLLOWER, 0);
        Script.await(world, "the reader is connected", () -> reader.found() == 1);
    }

    private static void nearNode1(World world, SimClient client) {
        world.network().part(0, world.placeOf(client));
        world.network().part(2, world.placeOf(client));
    }
}
