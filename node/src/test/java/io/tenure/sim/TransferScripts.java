package io.tenure.sim;

import io.tenure.net.PeerCodec;
import io.tenure.raft.Input;
import io.tenure.raft.Lease;
import io.tenure.raft.Message;
import java.util.ArrayList;
import java.util.List;

/** Schedules about leadership on the move, played by {@link Script}. */
final class TransferScripts {
    private static final long MILLI = 1_000_000;
    private static final int ROUNDS = 20;
    /** Three round trips and as many forces, of the slowest that a calm world has. */
    private static final long TAKES_NANOS_MAX = 15 * MILLI;

    private TransferScripts() {}

    /**
     * Leadership goes round, on the request of a client, while others write and read. Each time the next leader is there within
     * three round trips and takes writes at once, though leases are long; and nobody is told of a failure.
     */
    static void transfer(World world) {
        Script.startAndElect0(world);
        SimClient writer = world.clients().get(0);
        SimClient mover = world.clients().get(1);
        writer.write(0, 1);
        mover.read(0);
        Script.await(world, "both know the leader", () -> writer.done() == 1 && mover.done() == 1);
        world.filter((from, to, message) -> true);
        for (int round = 1; round <= ROUNDS; round++) {
            int target = round % 3;
            long done = writer.done();
            writer.write(0, 1);
            mover.transfer(target);
            writer.read(0);
            writer.write(1, 1);
            if (!world.runUntil(() -> Script.leads(world, target) && writer.done() == done + 3, TAKES_NANOS_MAX)) {
                throw new Violation("TransferIsQuick", "node " + target + " did not serve in time, in round " + round);
            }
            Script.await(
                    world,
                    "the mover is told, and all is committed",
                    () -> mover.isIdle() && Script.committedEverywhere(world));
        }
    }

    /**
     * The word to the successor gets stuck. The leader gives up, earns a new lease, and is cut off with its readers; then the word
     * arrives. The successor is elected at once, and has to wait for the new lease.
     */
    static void lateWord(World world) {
        Script.startAndElect0(world);
        SimClient writer = world.clients().get(0);
        SimClient reader = world.clients().get(1);
        writer.write(0, 1);
        reader.read(0);
        Script.await(world, "both know the leader", () -> writer.done() == 1 && reader.done() == 1);
        List<Message> stuck = new ArrayList<>();
        world.filter((from, to, message) -> {
            boolean isWord = message instanceof Message.TimeoutNow;
            if (isWord) {
                stuck.add(message);
            }
            return !isWord;
        });
        world.process(0).tell(new Input.Transfer(Input.NO_TICKET, 1, Long.MAX_VALUE));
        Script.await(world, "the word is out", () -> stuck.size() == 1);
        Script.await(world, "the leader has a new lease", () -> {
            Lease lease = world.nodes().get(0).validLease();
            return lease != null && lease.epoch() == 1;
        });
        for (int other = 1; other < 3; other++) {
            world.network().part(0, other);
            world.network().part(other, world.placeOf(reader));
        }
        world.network().part(0, world.placeOf(writer));
        world.process(1).receive(0, SimWire.bytesOf(new PeerCodec(0).encode(stuck.get(0))));
        Script.await(world, "the successor leads", () -> Script.leads(world, 1));
        long written = writer.done();
        while (writer.done() == written) {
            if (writer.isIdle()) {
                writer.write(0, 1); // again, once it has run out of patience
            }
            reader.read(0);
            world.timeline().runUntil(world.timeline().now() + MILLI);
        }
        Script.await(world, "the reader is answered", () -> {
            world.network().mendAll();
            return reader.isIdle();
        });
    }
}
