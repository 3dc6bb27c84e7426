package io.tenure.bench.scenarios;

import io.tenure.bench.process.Await;
import io.tenure.bench.process.ProcessCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The statements that a node adds to its dump.txt from some moment on. */
final class DumpWatch {
    private final ProcessCluster cluster;
    private final int id;
    private final int skip;

    private DumpWatch(ProcessCluster cluster, int id, int skip) {
        this.cluster = cluster;
        this.id = id;
        this.skip = skip;
    }

    static DumpWatch fromStart(ProcessCluster cluster, int id) {
        return new DumpWatch(cluster, id, 0);
    }

    static DumpWatch fromNow(ProcessCluster cluster, int id) {
        return new DumpWatch(cluster, id, fromStart(cluster, id).all().size());
    }

    private List<String> all() {
        try {
            return cluster.dump(id);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was added so far. */
    List<String> lines() {
        List<String> all = all();
        return all.subList(Math.min(skip, all.size()), all.size());
    }

    /**
     * Waits until these statements stand there in this order, whatever may stand between them.
     *
     * @return lines of evidence
     */
    List<String> await(Duration patience, String... statements) throws InterruptedException {
        Await.await(
                patience,
                () -> missing(statements) == null ? Boolean.TRUE : null,
                () -> "\"" + missing(statements) + "\" in dump.txt of node " + id);
        List<String> evidence = new ArrayList<>();
        for (String statement : statements) {
            evidence.add("node " + id + " dump.txt: " + statement);
        }
        return evidence;
    }

    /** The first of the statements that does not follow those before it; null if all do. */
    private String missing(String... statements) {
        int found = 0;
        for (String line : lines()) {
            if (found < statements.length && line.equals(statements[found])) {
                found++;
            }
        }
        return found == statements.length ? null : statements[found];
    }
}
