package io.tenure.bench.chaos;

import io.tenure.bench.process.Await;
import io.tenure.bench.process.ClusterPlan;
import io.tenure.bench.process.NodeOutput;
import io.tenure.bench.process.ProcessCluster;
import io.tenure.protocol.proto.NodeStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Damage to files. A node that is damaged has been killed, and whatever it had told the others is on theirs before: a fault
 * hits one disk at a time, so nothing may be lost.
 */
final class FileFaults {
    private final Arena arena;
    private final ProcessCluster cluster;

    private interface Work {
        String on(Damage damage) throws IOException;
    }

    FileFaults(Arena arena) {
        this.arena = arena;
        this.cluster = arena.cluster();
    }

    String tornTail() throws IOException, InterruptedException {
        return damagedLog(Damage.Target.LOG, Damage::tearTail);
    }

    String cutLog() throws IOException, InterruptedException {
        return damagedLog(Damage.Target.LOG, Damage::cutLog);
    }

    String flipLog() throws IOException, InterruptedException {
        return damagedLog(Damage.Target.LOG, flipOf(Damage.Target.LOG));
    }

    String flipIndex() throws IOException, InterruptedException {
        return damagedLog(Damage.Target.INDEX, flipOf(Damage.Target.INDEX));
    }

    String flipMetadata() throws IOException, InterruptedException {
        return damaged(Damage.Target.METADATA);
    }

    String flipSnapshot() throws IOException, InterruptedException {
        return damaged(Damage.Target.SNAPSHOT);
    }

    private static Work flipOf(Damage.Target target) {
        return damage -> damage.flip(target).toString();
    }

    private String damaged(Damage.Target target) throws IOException, InterruptedException {
        int id = awaitFile(target);
        String what = damageStopped(id, flipOf(target));
        cluster.start(id);
        cluster.awaitCaughtUp(id, Arena.PATIENCE);
        return what;
    }

    /**
     * Of what a node wrote last before it was killed nothing that is left proves that it was forced (DESIGN.md, D4): damage there
     * looks like a torn end, and the node comes back without. Then it must be refused, and is told to rejoin, as its operator
     * would.
     */
    private String damagedLog(Damage.Target target, Work work) throws IOException, InterruptedException {
        int id = awaitFile(target);
        String what = damageStopped(id, work);
        NodeOutput output = NodeOutput.fromNow(cluster, id);
        cluster.start(id);
        if (isBack(id, output)) {
            return what;
        }
        cluster.terminate(id);
        ClusterPlan.Ran rejoin = cluster.rejoin(id);
        if (rejoin.exitCode() != 0) {
            throw new IllegalStateException(String.join("; ", rejoin.said()));
        }
        cluster.start(id);
        // Fewer than half may have forgotten what they promised: the next fault must not come before.
        Await.await(
                Arena.PATIENCE,
                () -> output.says("node " + id + " has rejoined") ? Boolean.TRUE : null,
                () -> "node " + id + " to have rejoined. " + cluster.describe());
        return what + ", refused until it rejoined";
    }

    private String damageStopped(int id, Work work) throws IOException, InterruptedException {
        cluster.kill(id);
        cluster.awaitEverythingWithout(id, Arena.PATIENCE);
        return "node " + id + ", " + work.on(damage(id));
    }

    /** Waits until the node is as far as its leader is once it answers, or refused; whether the former. */
    private boolean isBack(int id, NodeOutput output) throws InterruptedException {
        Await.await(Arena.PATIENCE, () -> committed(id), cluster::describe);
        int leader = cluster.awaitLeader(Arena.PATIENCE).id();
        long target = Await.await(Arena.PATIENCE, () -> committed(leader), cluster::describe);
        return Await.await(
                Arena.PATIENCE,
                () -> output.says("refused by the other side: node " + id + " has lost")
                        ? Boolean.FALSE
                        : hasCommitted(id, target) ? Boolean.TRUE : null,
                () -> "node " + id + " at index " + target + ", or refused. " + cluster.describe());
    }

    /** Null if it does not answer. */
    private Long committed(int id) {
        return cluster.report(id).map(NodeStatus::getCommitIndex).orElse(null);
    }

    private boolean hasCommitted(int id, long index) {
        Long committed = committed(id);
        return committed != null && committed >= index;
    }

    /** A flip under the eyes of a running node, which has to find it and to put it right. */
    String flipLive() throws IOException, InterruptedException {
        int id = awaitFile(Damage.Target.ROLLED);
        Damage.Flip flip = damage(id).flip(Damage.Target.ROLLED);
        Await.await(
                Arena.PATIENCE, () -> isUndone(flip) ? Boolean.TRUE : null, () -> "node " + id + " to repair " + flip);
        return "node " + id + ", " + flip;
    }

    /** Waits until some node has such a file; which one. */
    private int awaitFile(Damage.Target target) throws InterruptedException {
        return Await.await(
                Arena.PATIENCE,
                () -> arena.others(-1).stream()
                        .filter(id -> has(id, target))
                        .findFirst()
                        .orElse(null),
                () -> "a file of kind " + target + " at any node");
    }

    private boolean has(int id, Damage.Target target) {
        try {
            return !damage(id).files(target).isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isUndone(Damage.Flip flip) {
        try {
            return flip.isUndone();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Damage damage(int id) {
        Path folder = cluster.dataFolder(id);
        return new Damage(folder, arena.random(), arena.archive()::beforeDamage);
    }
}
