package io.tenure.node;

import io.tenure.handoff.Clock;
import io.tenure.journal.Disk;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** The wiring of a node that repairs itself, opened to the simulator: the very {@link RepairAssembly} that production runs. */
public final class SimulatedRepair {
    private final SimulatedAssembly.Part stage;

    /** Takes a damaged folder; {@code done} runs once it can be opened. */
    public SimulatedRepair(
            Settings settings,
            Disk disk,
            Clock clock,
            RandomGenerator random,
            long leaseMillisMax,
            SimulatedAssembly.Links links,
            Consumer<Runnable> afterDisk,
            Runnable done) {
        NodeAssembly.Part part = new RepairAssembly(
                        settings, new Seams(disk, clock, random, leaseMillisMax, links::connect, afterDisk), done)
                .repairStage();
        stage = new SimulatedAssembly.Part(part.stage(), part.bell());
    }

    /** The only stage. */
    public SimulatedAssembly.Part stage() {
        return stage;
    }
}
