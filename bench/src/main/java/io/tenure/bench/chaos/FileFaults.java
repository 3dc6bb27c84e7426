package io.tenure.bench.chaos;

import io.tenure.bench.process.Await;
import io.tenure.bench.process.ProcessCluster;
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
        return damaged(Damage.Target.LOG, Damage::tearTail);
    }

    String cutLog() throws IOException, InterruptedException {
        return damaged(Damage.Target.LOG, Damage::cutLog);
    }

    String flipLog() throws IOException, InterruptedException {
        return flipped(Damage.Target.LOG);
    }

    String flipIndex() throws IOException, InterruptedException {
        return flipped(Damage.Target.INDEX);
    }

    String flipMetadata() throws IOException, InterruptedException {
        return flipped(Damage.Target.METADATA);
    }

    String flipSnapshot() throws IOException, InterruptedException {
        return flipped(Damage.Target.SNAPSHOT);
    }

    private String flipped(Damage.Target target) throws IOException, InterruptedException {
        return damaged(target, damage -> damage.flip(target).toString());
    }

    private String damaged(Damage.Target target, Work work) throws IOException, InterruptedException {
        int id = awaitFile(target);
        cluster.kill(id);
        cluster.awaitEverythingWithout(id, Arena.PATIENCE);
        String what = work.on(damage(id));
        cluster.start(id);
        cluster.awaitCaughtUp(id, Arena.PATIENCE);
        return "node " + id + ", " + what;
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
        return new Damage(folder, arena.random());
    }
}
