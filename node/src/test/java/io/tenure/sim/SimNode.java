package io.tenure.sim;

import io.tenure.handoff.StoreReader;
import io.tenure.node.Settings;
import io.tenure.raft.Lease;
import io.tenure.raft.Parameters;
import io.tenure.raft.Raft;
import java.util.concurrent.atomic.AtomicReference;

/** A node as a god sees it: what outlives its processes, and the inside of the one that runs, if any. */
final class SimNode {
    final int id;
    final Settings settings;
    final Parameters parameters;
    final SimClock clock;
    final SimDisk disk;
    /** Folder of its journal on its disk. */
    final String folder;
    /** The log when the god last looked. */
    LogMirror log = new LogMirror();
    /** Up to here the log that the process recovered equals that of its predecessor. */
    long recoveredSame;

    /** Null while no process runs. */
    Raft raft;
    /** What the read path may rest on; of the process that runs. */
    AtomicReference<Lease> lease;

    StoreReader store;
    /** Whether the process was paused inside the turn that it is in, so that it acts on an old reading of its clock. */
    boolean pausedInTurn;

    SimNode(int id, Settings settings, SimClock clock, SimDisk disk) {
        this.id = id;
        this.settings = settings;
        this.parameters = settings.toParameters();
        this.clock = clock;
        this.disk = disk;
        this.folder = settings.nodeFolder();
    }

    boolean isAlive() {
        return raft != null;
    }

    /** The lease that its readers may use at this very moment, or null. */
    Lease validLease() {
        Lease published = isAlive() ? lease.get() : null;
        return published != null && published.endNanos() - clock.nanoTime() > 0 ? published : null;
    }

    @Override
    public String toString() {
        return "node " + id;
    }
}
