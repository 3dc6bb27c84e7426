package io.tenure.node;

import io.tenure.handoff.Bell;
import io.tenure.handoff.Clock;
import io.tenure.handoff.Inbox;
import io.tenure.handoff.PeerSender;
import io.tenure.handoff.Stage;
import io.tenure.journal.Disk;
import io.tenure.net.ClientGateway;
import io.tenure.net.KnownPeers;
import io.tenure.net.NodeIdentity;
import io.tenure.raft.Input;
import io.tenure.raft.Lease;
import io.tenure.raft.Raft;
import io.tenure.store.StateMachine;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** The wiring of a node, opened to the simulator: the very {@link NodeAssembly} that production runs. */
public final class SimulatedAssembly {
    /** A stage and the bell that asks for its turn. */
    public record Part(Stage stage, Bell bell) {}

    /** Makes the way to the peers; see {@link Seams.Links}. */
    @FunctionalInterface
    public interface Links {
        /** Connects to the peers. */
        PeerSender connect(NodeIdentity self, KnownPeers known, Inbox<Input.Receive> peers, Inbox<Input> completions);
    }

    private final NodeAssembly assembly;

    /** Recovers a node's folder and puts the node together, as production does. */
    public SimulatedAssembly(
            Settings settings,
            Disk disk,
            Clock clock,
            RandomGenerator random,
            long leaseMillisMax,
            Links links,
            Consumer<Runnable> afterDisk) {
        assembly =
                new NodeAssembly(settings, new Seams(disk, clock, random, leaseMillisMax, links::connect, afterDisk));
    }

    /** What {@code node.jar rejoin} does with the folder of a stopped node. */
    public static void rejoin(Settings settings, Disk disk, RandomGenerator random, long leaseMillisMax) {
        RejoinCommand.begin(disk, settings, random, leaseMillisMax);
    }

    /** The core. */
    public Raft raft() {
        return assembly.raft();
    }

    /** The lease as readers see it. */
    public AtomicReference<Lease> lease() {
        return assembly.lease();
    }

    /** What production does first at a stop. */
    public CompletableFuture<Void> resign(long patienceNanos) {
        return assembly.resign(patienceNanos);
    }

    public StateMachine store() {
        return assembly.store();
    }

    public ClientGateway gateway() {
        return assembly.gateway();
    }

    public Part raftStage() {
        return part(assembly.raftStage());
    }

    public Part applierStage() {
        return part(assembly.applierStage());
    }

    public Part gatewayStage() {
        return part(assembly.gatewayStage());
    }

    public Part logStage() {
        return part(assembly.logStage());
    }

    public Part snapshotStage() {
        return part(assembly.snapshotStage());
    }

    public Part scrubStage() {
        return part(assembly.scrubStage());
    }

    /** Times that all files were read since the start, and found good. */
    public long scrubPasses() {
        return assembly.scrubPasses();
    }

    public Part dumpStage() {
        return part(assembly.dumpStage());
    }

    private static Part part(NodeAssembly.Part part) {
        return new Part(part.stage(), part.bell());
    }
}
