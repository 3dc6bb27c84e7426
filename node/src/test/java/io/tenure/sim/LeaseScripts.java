package io.tenure.sim;

import io.tenure.raft.Message;

/** Schedules about readers and leases, played by {@link Script}. */
final class LeaseScripts {
    private static final long MILLI = 1_000_000;
    private static final long FOR_EVER = 1_000_000_000_000L;
    private static final int ROUNDS = 10;
    private static final int READS = 4;

    private LeaseScripts() {}

    /**
     * Again and again the leader is stopped for so long that another one leads and commits; then a client that knows only the
     * old one asks it, and the question is there as soon as its own timer. Whichever of its threads comes first, nobody may be
     * told what was true before.
     */
    static void askedAfterAPause(World world) {
        Script.startAndElect0(world);
        SimClient writer = world.clients().get(0);
        SimClient reader = world.clients().get(1);
        writer.write(0, 1);
        reader.read(0);
        Script.await(world, "both know the leader", () -> writer.done() == 1 && reader.done() == 1);
        world.filter((from, to, message) -> true);
        for (int round = 0; round < ROUNDS; round++) {
            int old = leader(world);
            for (int id = 0; id < 3; id++) {
                if (id != old) {
                    world.network().part(id, world.placeOf(reader));
                }
            }
            SimProcess process = world.process(old);
            process.pause(2000 * MILLI);
            long done = writer.done();
            writer.write(0, 1);
            Script.await(world, "another one has taken a write", () -> writer.done() > done);
            // Late enough that the reader does not give its connection up before.
            Script.await(
                    world,
                    "the old one is about to go on",
                    () -> world.timeline().now() > process.pausedUntil() - 10 * MILLI);
            for (int i = 0; i < READS; i++) {
                reader.read(0);
            }
            Script.await(
                    world, "the old one goes on", () -> world.timeline().now() > process.pausedUntil() + 50 * MILLI);
            world.network().mendAll();
            Script.await(world, "the reader is answered", reader::isIdle);
        }
    }

    /**
     * A leader dies as soon as it has acknowledged a write; the appliers of the others stand still for a while. The next leader has
     * a lease and knows that the write is committed before it has applied it: a read waits for that.
     */
    static void askedBeforeItIsApplied(World world) {
        Script.startAndElect0(world);
        SimClient writer = world.clients().get(0);
        SimClient reader = world.clients().get(1);
        writer.write(0, 1);
        Script.await(world, "a first write is done", () -> writer.done() == 1 && Script.committedEverywhere(world));
        long index = world.nodes().get(0).log.lastIndex() + 1;
        world.filter((from, to, message) ->
                !(message instanceof Message.AppendEntry append && append.leaderCommit() >= index && from == 0));
        writer.write(0, 1);
        Script.await(world, "a second one, which the others don't know committed", () -> writer.done() == 2);
        world.crash(0, false, FOR_EVER);
        for (int id = 1; id < 3; id++) {
            world.process(id).stallApplier(1000 * MILLI);
        }
        Script.await(world, "somebody else leads, with a lease", () -> leaderOf(world) > 0);
        Script.await(
                world,
                "and has committed",
                () -> world.nodes().get(leaderOf(world)).raft.commitIndex() > index);
        reader.read(0);
        Script.await(world, "the reader is answered", reader::isIdle);
    }

    /**
     * The disk of the leader stands still, and its network does not. Another node leads as soon as the deadline and an election
     * timeout have passed, and serves.
     */
    static void diskStandsStill(World world) {
        Script.startAndElect0(world);
        SimClient client = world.clients().get(0);
        client.write(0, 1);
        Script.await(world, "a first write is done", () -> client.done() == 1);
        world.filter((from, to, message) -> true);
        world.nodes().get(0).disk.pace().stallUntil(world.timeline().now() + 2000 * MILLI);
        client.write(0, 1);
        long allowedMillis = 150L + 2L * world.scenario().electionMillisMax + world.scenario().heartbeatMillis;
        if (!world.runUntil(() -> Script.leads(world, 1) || Script.leads(world, 2), allowedMillis * MILLI)) {
            throw new Violation("FauxLeader", "nobody else leads after " + allowedMillis + " ms");
        }
        Script.await(world, "it leads no longer", () -> !Script.leads(world, 0));
        Script.await(world, "the write is done", () -> client.done() == 2);
        client.write(0, 1);
        Script.await(world, "and another one", () -> client.done() == 3);
    }

    private static int leader(World world) {
        int leader = leaderOf(world);
        if (leader < 0) {
            throw new IllegalStateException("the script is stuck: nobody leads");
        }
        return leader;
    }

    private static int leaderOf(World world) {
        for (SimNode node : world.nodes()) {
            if (node.isAlive() && node.raft.lease() != null) {
                return node.id;
            }
        }
        return -1;
    }
}
