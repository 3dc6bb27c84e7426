package io.tenure.sim;

import io.tenure.handoff.Clock;
import io.tenure.handoff.Inbox;
import io.tenure.handoff.PeerSender;
import io.tenure.journal.DamagedException;
import io.tenure.journal.Disk;
import io.tenure.journal.JournalException;
import io.tenure.journal.JournalFailure;
import io.tenure.net.ClientGateway;
import io.tenure.net.KnownPeers;
import io.tenure.net.MalformedFrameException;
import io.tenure.net.NodeIdentity;
import io.tenure.net.PeerCodec;
import io.tenure.node.Settings;
import io.tenure.node.SimulatedAssembly;
import io.tenure.node.SimulatedAssembly.Part;
import io.tenure.node.SimulatedRepair;
import io.tenure.protocol.FrameException;
import io.tenure.raft.Input;
import io.tenure.raft.Message;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/**
 * One life of a node: the wiring of production, with its threads run by hand. The process can be paused anywhere between
 * turns, and inside a turn where it reads the clock.
 */
final class SimProcess {
    /** Thrown through the stages of a process that died inside a turn; nobody else may catch it. */
    private static final class Died extends Error {
        private static final long serialVersionUID = 1L;

        Died() {
            super("the process died while it was paused", null, false, false);
        }
    }

    private final World world;
    private final SimNode node;
    private final RandomGenerator random;
    private final PeerCodec codec;
    private final SimulatedAssembly assembly;
    private final SimThread repairThread; // null unless the folder is damaged
    private final SimThread raftThread;
    private final SimThread gatewayThread;
    private final SimThread applierThread;
    private final SimThread logThread;
    private final SimThread dumpThread;
    private final SimThread snapshotThread;
    private final SimThread scrubThread;
    private final long leaseMillisMax;
    private SimDoor door;
    private SimOutbox outbox;
    private Inbox<Input.Receive> peers;
    private Inbox<Input> completions;
    private boolean alive = true;
    private boolean serving;
    private long pausedUntil;
    private long pauseAtNextClockNanos;
    /** Whether the raft agent is at work, and no other stage in the midst of its turn. */
    private boolean inRaftTurn;
    /** Whether the raft agent is at work, perhaps with another stage in the midst of its turn. */
    private boolean raftTurnIsOpen;

    private int clockReadsInRaftTurn;
    private int readsOfClockSincePause;

    /** Recovers; {@link #serve} is due when the disk is done with that. */
    SimProcess(World world, SimNode node, Settings settings, RandomGenerator random) {
        this.world = world;
        this.node = node;
        this.random = random;
        this.codec = new PeerCodec(node.id);
        Disk disk = node.disk.mount();
        leaseMillisMax = world.scenario().leaseMillisMax();
        assembly = assemble(settings, disk, this::readClock);
        if (assembly == null) {
            repairThread = thread(new SimulatedRepair(
                            settings,
                            disk,
                            this::readClock,
                            random,
                            leaseMillisMax,
                            this::connect,
                            this::afterDisk,
                            () -> world.onRepaired(this))
                    .stage());
            raftThread = repairThread;
            gatewayThread = repairThread;
            applierThread = repairThread;
            logThread = repairThread;
            dumpThread = repairThread;
            snapshotThread = repairThread;
            scrubThread = repairThread;
            return;
        }
        repairThread = null;
        Part raft = assembly.raftStage();
        Part gateway = assembly.gatewayStage();
        Part applier = assembly.applierStage();
        logThread = thread(assembly.logStage());
        dumpThread = thread(assembly.dumpStage());
        snapshotThread = thread(assembly.snapshotStage());
        scrubThread = thread(assembly.scrubStage());
        if (world.scenario().sharedThread) {
            raftThread = thread(gateway, raft, applier);
            gatewayThread = raftThread;
            applierThread = raftThread;
        } else {
            raftThread = thread(raft);
            gatewayThread = thread(gateway);
            applierThread = thread(applier);
        }
    }

    /** Null if the folder is damaged: then it is repaired first. */
    private SimulatedAssembly assemble(Settings settings, Disk disk, Clock clock) {
        try {
            return new SimulatedAssembly(settings, disk, clock, random, leaseMillisMax, this::connect, this::afterDisk);
        } catch (DamagedException e) {
            world.rot().explains(node, e);
            world.story().tell(world.timeline().now(), node + " repairs itself: " + e.getMessage());
            return null;
        }
    }

    /** Whether it repairs its files, and takes no part. */
    boolean isRepairing() {
        return repairThread != null;
    }

    /** Takes part from now on, or repairs itself. */
    void serve() {
        serving = true;
        if (isRepairing()) {
            node.repairBegun = true;
            repairThread.start();
            return;
        }
        node.raft = assembly.raft();
        node.lease = assembly.lease();
        node.store = assembly.store();
        world.witness().started(node);
        threads().forEach(SimThread::start);
    }

    SimNode node() {
        return node;
    }

    /** Whether frames of the other one get in; while it recovers, nobody is there. */
    boolean hears(SimDoor sender) {
        return alive && serving && door.admits(sender);
    }

    SimClock clock() {
        return node.clock;
    }

    ClientGateway gateway() {
        return assembly.gateway();
    }

    /** Times that it has read all its files and found them good. */
    long scrubPasses() {
        return assembly.scrubPasses();
    }

    SimThread gatewayThread() {
        return gatewayThread;
    }

    boolean isAlive() {
        return alive;
    }

    /** Whether it takes part; a process that recovers does not yet. */
    boolean isServing() {
        return alive && serving && !isRepairing();
    }

    boolean isRunnable() {
        return alive && world.timeline().now() >= pausedUntil;
    }

    long pausedUntil() {
        return pausedUntil;
    }

    /** Stops all its threads for a while, between turns. */
    void pause(long nanos) {
        pausedUntil = Math.max(pausedUntil, world.timeline().now() + nanos);
    }

    /** Stops the applier for a while, and whoever shares its thread. */
    void stallApplier(long nanos) {
        applierThread.stayBusyUntil(world.timeline().now() + nanos);
    }

    /** Stops all its threads for a while when one of them next reads the clock, before or after it does. */
    void pauseAtNextClock(long nanos) {
        pauseAtNextClockNanos = nanos;
    }

    /** Something changed about its clock. */
    void ringAll() {
        threads().forEach(SimThread::ring);
    }

    private List<SimThread> threads() {
        return List.of(logThread, snapshotThread, scrubThread, dumpThread, applierThread, gatewayThread, raftThread);
    }

    void die() {
        alive = false;
        serving = false;
        door.close();
        node.raft = null;
        node.lease = null;
        node.store = null;
    }

    /** Closes the journal, as production does at a stop. */
    void closeJournal() {
        assembly.logStage().stage().onClose();
    }

    /** A frame of a peer arrived. */
    void receive(int from, byte[] frame) {
        Message message;
        try {
            message = codec.decode(from, SimWire.peerFrame(frame));
        } catch (MalformedFrameException | FrameException e) {
            throw new IllegalStateException("node " + from + " sent what node " + node.id + " can't read", e);
        }
        if (peers.offer(new Input.Receive(from, message)) && !isRepairing()) {
            world.witness().arrived(from, node, message);
        }
    }

    /** The link to a peer broke. */
    void linkLost(int peer) {
        tell(new Input.LinkLost(peer));
    }

    /** A link to a peer stands. */
    void linkUp(int peer) {
        tell(new Input.LinkUp(peer));
    }

    /** Tells the core something that may be lost. */
    void tell(Input hint) {
        if (isServing()) {
            completions.offer(hint);
        }
    }

    /** Leads no more, as at a stop; done when it may end. */
    CompletableFuture<Void> resign(long patienceNanos) {
        return assembly.resign(patienceNanos);
    }

    /** Runs a turn of a thread; false if the process died in it. */
    boolean inTurn(Runnable work) {
        try {
            work.run();
            return alive;
        } catch (Died e) {
            return false;
        } catch (JournalFailure e) {
            world.onDiskFailure(this, e);
            return false;
        } catch (JournalException e) {
            world.rot().onFound(this, e);
            return false;
        }
    }

    /** Gives a stage its turn; whether it wants another one at once. */
    boolean work(SimThread thread, Part part) {
        if (isRepairing()) {
            boolean goesOn = part.stage().doWork() > 0;
            outbox.carryAll(false);
            thread.stayBusyUntil(node.disk.endNanos());
            return goesOn;
        }
        boolean isRaft =
                thread == raftThread && part.stage() == assembly.raftStage().stage();
        inRaftTurn = isRaft;
        raftTurnIsOpen |= isRaft;
        clockReadsInRaftTurn = isRaft ? 0 : clockReadsInRaftTurn;
        boolean more = part.stage().doWork() > 0;
        inRaftTurn = false;
        raftTurnIsOpen &= !isRaft;
        if (isRaft) {
            afterRaftTurn();
        } else if (thread == logThread || thread == snapshotThread || thread == scrubThread) {
            thread.stayBusyUntil(node.disk.endNanos());
            if (thread == snapshotThread) {
                world.witness().snapshotTurned(node);
            }
        }
        return more;
    }

    private void afterRaftTurn() {
        world.witness().turned(node);
        outbox.carryAll(true);
        node.pausedInTurn = false;
        world.onRaftTurn(node);
    }

    /** A stage is asked to take a turn, maybe by another one in the midst of its own. */
    void onBell(SimThread thread, Part part) {
        if (isRepairing()) {
            thread.ring();
            return;
        }
        boolean leaves = part.stage() == assembly.gatewayStage().stage()
                || part.stage() == assembly.applierStage().stage();
        if (inRaftTurn && leaves) {
            world.leasePublishedFirst().onLeaving(node, part.stage().roleName());
        }
        thread.ring();
        if (leaves && thread != raftThread && isServing() && random.nextInt(8) == 0) {
            boolean outer = inRaftTurn;
            inRaftTurn = false;
            thread.turnAtOnce();
            if (!alive) {
                throw new Died();
            }
            inRaftTurn = outer;
        }
    }

    private PeerSender connect(
            NodeIdentity self, KnownPeers known, Inbox<Input.Receive> newPeers, Inbox<Input> newCompletions) {
        door = new SimDoor(world, node, self, known);
        peers = newPeers;
        completions = newCompletions;
        outbox = new SimOutbox(world, this, door, codec);
        return outbox;
    }

    private void afterDisk(Runnable consequence) {
        world.timeline().at(node.disk.endNanos(), () -> {
            if (alive) {
                consequence.run();
            }
        });
    }

    private long readClock() {
        // A turn of the raft agent is one step to the god, so it is interrupted at its beginning or not at all.
        boolean splitsStep = raftTurnIsOpen && clockReadsInRaftTurn++ > 0;
        if (pauseAtNextClockNanos == 0 || !serving || world.isInsidePause() || splitsStep) {
            return node.clock.nanoTime();
        }
        // Now and then it goes a few reads further before it stops, so that every place has its turn.
        if (readsOfClockSincePause++ < random.nextInt(4)) {
            return node.clock.nanoTime();
        }
        long nanos = pauseAtNextClockNanos;
        pauseAtNextClockNanos = 0;
        readsOfClockSincePause = 0;
        long before = node.clock.nanoTime();
        boolean raftTurn = inRaftTurn;
        node.pausedInTurn = true;
        inRaftTurn = false;
        pause(nanos);
        world.passWhilePaused(nanos);
        if (!alive) {
            throw new Died();
        }
        inRaftTurn = raftTurn;
        return random.nextBoolean() ? before : node.clock.nanoTime();
    }

    private SimThread thread(Part... parts) {
        return new SimThread(world.timeline(), this, random, List.of(parts));
    }
}
