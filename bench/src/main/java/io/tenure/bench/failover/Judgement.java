package io.tenure.bench.failover;

import io.tenure.bench.process.LogArchive;
import io.tenure.bench.process.LogText;
import io.tenure.bench.process.ProcessCluster;
import io.tenure.bench.process.SnapshotText;
import io.tenure.history.History;
import io.tenure.history.Linearizability;
import io.tenure.history.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What clients were told, held against what stands on the disks of a cluster at rest. */
public final class Judgement {
    private Judgement() {}

    /**
     * Waits until all nodes hold the same, and judges: logs are equal, each acknowledged write is there once, nothing is
     * there twice or from nowhere, snapshots are what the log makes, the history is linearizable.
     *
     * @param archive of log files that the nodes may have deleted
     * @param history of all that was ever written
     * @return a sentence each; empty if everything is as it should be
     */
    public static List<String> problems(ProcessCluster cluster, LogArchive archive, History history, Duration patience)
            throws IOException, InterruptedException {
        List<String> problems = new ArrayList<>();
        try {
            cluster.awaitEqual(patience);
        } catch (IllegalStateException e) {
            problems.add(e.getMessage());
        }
        LogText log = archive.whole(problems);
        problems.addAll(Audit.of(history, log));
        List<String> lines = log.lines();
        for (int id : cluster.ids()) {
            Optional<SnapshotText> snapshot = cluster.snapshot(id);
            String difference = snapshot.isPresent() ? snapshot.get().difference(lines) : null;
            if (difference != null) {
                problems.add("snapshot.txt of node " + id + " is not what the log makes: " + difference);
            }
        }
        Verdict verdict = Linearizability.STANDARD.check(history);
        if (!verdict.isGood()) {
            problems.add("the history is not linearizable: " + verdict);
        }
        return problems;
    }
}
