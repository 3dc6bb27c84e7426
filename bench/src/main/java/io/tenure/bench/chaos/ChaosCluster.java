package io.tenure.bench.chaos;

import io.tenure.bench.process.ClusterPlan;
import io.tenure.bench.process.ProcessCluster;
import io.tenure.bench.process.Surroundings;
import io.tenure.bench.relay.RelayNet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Node processes that reach each other through relays and, where asked for, have a file system each. However it ends, it
 * leaves no process and no mount.
 */
public final class ChaosCluster implements AutoCloseable {
    private final RelayNet net;
    private final Map<Integer, SmallDisk> disks = new TreeMap<>();
    private final ProcessCluster processes;
    private final Thread hook = new Thread(() -> disks.values().forEach(SmallDisk::abandon), "unmount");
    private boolean kept;

    /**
     * Prepares everything and starts no node yet.
     *
     * @param smallDisks whether nodes have file systems of their own
     * @throws IOException if that is not possible here, or there are no free ports
     */
    public ChaosCluster(ClusterPlan plan, long seed, boolean smallDisks) throws IOException {
        net = new RelayNet(seed);
        Runtime.getRuntime().addShutdownHook(hook);
        boolean done = false;
        try {
            for (int id = 0; smallDisks && id < plan.nodes(); id++) {
                disks.put(id, SmallDisk.mount(disk(plan.folder(), id)));
            }
            processes = new ProcessCluster(plan, new Surroundings() {
                @Override
                public int peerPort(int from, int to, int peerPort) throws IOException {
                    return net.open(Arena.place(from), Arena.place(to), peerPort);
                }

                @Override
                public Path dataDir(int id, Path folder) {
                    return smallDisks ? disk(folder, id) : folder;
                }
            });
            done = true;
        } finally {
            if (!done) {
                closeSurroundings();
            }
        }
    }

    private static Path disk(Path folder, int id) {
        return folder.resolve("disk_" + id);
    }

    /** The nodes. */
    public ProcessCluster processes() {
        return processes;
    }

    /** What lies between them. */
    RelayNet net() {
        return net;
    }

    /** Their file systems, as far as they have their own. */
    Map<Integer, SmallDisk> disks() {
        return disks;
    }

    /** Has everything on disk stay when this is closed. */
    public void keep() {
        kept = true;
    }

    @Override
    public void close() throws IOException {
        processes.close();
        closeSurroundings();
    }

    private void closeSurroundings() throws IOException {
        net.close();
        for (SmallDisk disk : disks.values()) {
            if (kept) {
                disk.closeAndKeep();
            } else {
                disk.close();
            }
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // The JVM is going down: the hook does the same as we.
        }
    }
}
