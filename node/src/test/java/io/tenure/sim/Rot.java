package io.tenure.sim;

import io.tenure.journal.JournalException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Bits that turn on disks, of one node at a time, so that an intact copy of everything is somewhere. Rot under a process that
 * runs is its scrub's to find: two passes later it must be gone.
 */
final class Rot {
    private static final int NOBODY = -1;
    private static final long LOOK_NANOS = 20_000_000;
    private static final long RESTART_NANOS_MAX = 5_000_000;
    private static final long FOR_EVER_NANOS = 1_000_000_000_000L;

    private final World world;
    private final RandomGenerator random;

    private int node = NOBODY;
    private BitRot.Turned turned;
    private int bitsTurned;
    private int foundRunning;
    private boolean byHand;
    private final List<String> hopeless = new ArrayList<>();

    Rot(World world, RandomGenerator random) {
        this.world = world;
        this.random = random;
    }

    /** A node loses power, and meanwhile a bit turns. */
    void whileDown(int id, long downNanos) {
        if (mayTurn() && world.process(id) != null) {
            world.crash(id, true, downNanos);
            turn(id);
        }
    }

    /** A script turns a bit, or turns it back, and knows what comes of it. */
    void turnByHand(SimNode of, String file, int at, int bit) {
        byHand = true;
        of.disk.turnBit(of.folder + '/' + file, at, bit);
    }

    /** What was said by processes that could not be repaired. */
    List<String> hopeless() {
        return hopeless;
    }

    private void onHopeless(SimProcess process, JournalException damage) {
        if (!byHand) {
            throw new Violation("RepairEnds", process.node() + " gives up: " + damage.getMessage());
        }
        hopeless.add(damage.getMessage());
        world.story().tell(world.timeline().now(), process.node() + " stops: " + damage.getMessage());
        world.crash(process.node().id, false, FOR_EVER_NANOS);
    }

    /** A bit turns under a process that runs. */
    void whileRunning(int id) {
        SimProcess process = world.process(id);
        if (mayTurn() && process != null && process.isServing() && turn(id)) {
            look(process, process.scrubPasses());
        }
    }

    private boolean mayTurn() {
        return isOver() && !world.forgetting().isUnderWay();
    }

    /** Whether nothing is rotten that was not found. */
    boolean isOver() {
        return node == NOBODY;
    }

    /** All files of a node are good, as it has read them or made them anew. */
    void onGood(int id) {
        if (node == id) {
            node = NOBODY;
            turned = null;
        }
    }

    /** A process has come upon damage: it ends in good order and begins anew, with a repair. */
    void onFound(SimProcess process, JournalException damage) {
        if (process.isRepairing()) {
            onHopeless(process, damage);
            return;
        }
        explains(process.node(), damage);
        foundRunning++;
        world.story().tell(world.timeline().now(), process.node() + " found " + damage.getMessage());
        if (process.inTurn(process::closeJournal)) {
            world.crash(process.node().id, false, random.nextLong(RESTART_NANOS_MAX));
        }
    }

    /** No crash may leave what looks like damage: a repair would hide it. */
    void explains(SimNode found, JournalException damage) {
        if (!byHand && node != found.id && !world.forgetting().isUnderWay()) {
            throw new Violation("Recovers", found + " finds damage though nothing has rotted: " + damage.getMessage());
        }
    }

    /** Single bits that turned, each after the one before had been found. */
    int bitsTurned() {
        return bitsTurned;
    }

    /** Times that a process came upon damage while it ran. */
    int foundRunning() {
        return foundRunning;
    }

    /** Whatever turned must have been found by now. */
    void check() {
        if (!isOver()) {
            throw new Violation("RotIsFound", toString());
        }
    }

    @Override
    public String toString() {
        return "nobody has found what turned on node " + node + ": " + turned;
    }

    private boolean turn(int id) {
        world.witness().beforeRot(world.nodes().get(id));
        turned = new BitRot(world.nodes().get(id), random).turnOneBit();
        if (turned == null) {
            return false;
        }
        node = id;
        bitsTurned++;
        world.story().tell(world.timeline().now(), "on node " + id + " a bit turns: " + turned);
        return true;
    }

    private void look(SimProcess process, long passesBefore) {
        world.timeline().in(LOOK_NANOS, () -> {
            if (node != process.node().id || world.process(node) != process) {
                return;
            }
            boolean isThere = new BitRot(process.node(), random).isThere(turned);
            // Metadata is written anew by another thread, which may wait for the disk.
            boolean isLate = process.scrubPasses() >= passesBefore + 2 && !turned.isOfMetadata();
            if (!isThere) {
                onGood(node);
            } else if (isLate) {
                check();
            } else {
                look(process, passesBefore);
            }
        });
    }
}
