package io.tenure.bench.failover;

import io.tenure.bench.process.ClusterPlan;
import io.tenure.bench.process.LogArchive;
import io.tenure.bench.process.ProcessCluster;
import io.tenure.bench.process.Surroundings;
import io.tenure.bench.relay.Cut;
import io.tenure.bench.relay.LinkConditions;
import io.tenure.bench.relay.RelayNet;
import io.tenure.history.History;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Node processes on this machine, whose logs can be held against what clients were told. */
public final class ProcessTestbed implements Testbed, AutoCloseable {
    /** Java's exit code when it ends on SIGTERM without having been told another. */
    private static final int EXIT_OF_TERM = 143;

    private final RelayNet net;
    private final ProcessCluster cluster;
    private final LogArchive archive;

    private ProcessTestbed(RelayNet net, ProcessCluster cluster) {
        this.net = net;
        this.cluster = cluster;
        this.archive = new LogArchive(cluster);
    }

    /**
     * Starts all nodes.
     *
     * @param relayed whether nodes reach each other through relays, so that they can be cut off. Directly, they see as well
     *     when nobody listens at the other end any more
     */
    public static ProcessTestbed start(ClusterPlan plan, boolean relayed) throws IOException {
        RelayNet net = relayed ? new RelayNet(1) : null;
        ProcessCluster cluster = null;
        try {
            cluster = new ProcessCluster(plan, relayed ? relays(net) : Surroundings.PLAIN);
            cluster.startAll();
            return new ProcessTestbed(net, cluster);
        } catch (IOException | RuntimeException e) {
            if (cluster != null) {
                cluster.close();
            }
            if (net != null) {
                net.close();
            }
            throw e;
        }
    }

    private static Surroundings relays(RelayNet net) {
        return new Surroundings() {
            @Override
            public int peerPort(int from, int to, int peerPort) throws IOException {
                return net.open(place(from), place(to), peerPort);
            }
        };
    }

    private static String place(int id) {
        return "node " + id;
    }

    /**
     * Waits until all nodes hold the same, and judges what clients were told.
     *
     * @param history of all that was ever written
     * @return a sentence each; empty if everything is as it should be
     */
    public List<String> problems(History history, Duration patience) throws IOException, InterruptedException {
        return Judgement.problems(cluster, archive, history, patience);
    }

    @Override
    public List<Integer> ids() {
        return cluster.ids();
    }

    @Override
    public String address(int id) {
        return cluster.address(id);
    }

    @Override
    public void kill(int id) throws InterruptedException {
        cluster.kill(id);
    }

    @Override
    public void stop(int id) throws InterruptedException {
        int code = cluster.terminate(id);
        if (code != 0 && code != EXIT_OF_TERM) {
            throw new IllegalStateException("node " + id + " ended with exit code " + code + " on SIGTERM");
        }
    }

    @Override
    public void start(int id) throws IOException {
        cluster.start(id);
    }

    @Override
    public void suspend(int id) throws IOException, InterruptedException {
        cluster.pause(id);
    }

    @Override
    public void resume(int id) throws IOException, InterruptedException {
        cluster.resume(id);
    }

    @Override
    public void cut(int id) {
        if (net == null) {
            throw new IllegalStateException("nodes that reach each other directly can't be cut off");
        }
        LinkConditions cut = LinkConditions.FREE.with(Cut.HOLD);
        for (int other : ids()) {
            if (other != id) {
                net.set(place(id), place(other), cut);
                net.set(place(other), place(id), cut);
            }
        }
    }

    @Override
    public void heal() {
        if (net != null) {
            net.heal();
        }
    }

    /** Kills what still runs. The folder stays. */
    @Override
    public void close() {
        archive.close();
        cluster.close();
        if (net != null) {
            net.close();
        }
    }
}
