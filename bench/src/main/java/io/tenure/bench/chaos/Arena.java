package io.tenure.bench.chaos;

import io.tenure.bench.failover.StubbornReader;
import io.tenure.bench.process.Await;
import io.tenure.bench.process.LogArchive;
import io.tenure.bench.process.ProcessCluster;
import io.tenure.bench.process.ProcessCluster.Leader;
import io.tenure.bench.relay.RelayNet;
import io.tenure.protocol.HostPort;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A cluster to be maltreated, and what it takes to do so. One thread at a time.
 *
 * @param archive of the log files of all nodes
 * @param disks file systems of nodes that have one of their own, by node
 * @param lease of the cluster's timing
 */
record Arena(
        ProcessCluster cluster,
        LogArchive archive,
        RelayNet net,
        Map<Integer, SmallDisk> disks,
        Tally tally,
        Random random,
        Duration lease,
        int hotKeys,
        String hotKeyPrefix) {
    /** How long anything may take that should take a second or so. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int LEASES_MIN = 3;
    private static final int LEASES_MORE_MAX = 5;

    Leader leader() throws InterruptedException {
        return cluster.awaitLeader(PATIENCE);
    }

    /** Some node that is not this one. */
    int otherThan(int id) {
        List<Integer> others = others(id);
        return others.get(random.nextInt(others.size()));
    }

    /** All nodes but this one, in random order. */
    List<Integer> others(int id) {
        List<Integer> others = new ArrayList<>(cluster.ids());
        others.remove((Integer) id);
        Collections.shuffle(others, random);
        return others;
    }

    /** Lets a fault last: 3 to 8 leases. */
    void last() throws InterruptedException {
        double leases = LEASES_MIN + random.nextDouble() * LEASES_MORE_MAX;
        Await.pause(Duration.ofNanos((long) (leases * lease.toNanos())));
    }

    /** Waits until clients have had so many more writes, and as many reads, acknowledged. */
    void awaitServed(long each) throws InterruptedException {
        tally.awaitMore(each, PATIENCE, cluster::describe);
    }

    /** A client that asks this node and no other for hot keys, and has had an answer. */
    StubbornReader askOnly(int id) throws IOException, InterruptedException {
        StubbornReader reader = new StubbornReader(
                "stubborn", HostPort.parse(cluster.address(id)), hotKeyPrefix, hotKeys, tally::addUncounted);
        try {
            Await.await(
                    PATIENCE,
                    () -> reader.answered() > 0 ? Boolean.TRUE : null,
                    () -> "a read answered by node " + id + ". " + cluster.describe());
            return reader;
        } catch (IllegalStateException | InterruptedException e) {
            reader.close();
            throw e;
        }
    }

    /** What a node is called in the network. */
    static String place(int id) {
        return "node" + id;
    }

    /** Waits until every node works and has caught up, as it must once nothing is wrong any more. */
    void awaitRecovered() throws InterruptedException {
        for (int id : cluster.ids()) {
            if (!cluster.isRunning(id)) {
                throw new IllegalStateException("node " + id + " has ended. " + cluster.describe());
            }
            cluster.awaitCaughtUp(id, PATIENCE);
        }
    }
}
