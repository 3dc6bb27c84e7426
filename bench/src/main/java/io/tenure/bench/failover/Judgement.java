package io.tenure.bench.failover;

import io.tenure.bench.process.LogText;
import io.tenure.bench.process.ProcessCluster;
import io.tenure.history.History;
import io.tenure.history.Linearizability;
import io.tenure.history.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What clients were told, held against what stands on the disks of a cluster at rest. */
public final class Judgement {
    private Judgement() {}

    /**
     * Waits until all nodes hold the same, and judges: logs are equal, each acknowledged write is there once, nothing is
     * there twice or from nowhere, the history is linearizable.
     *
     * @param history of all that was ever written
     * @return a sentence each; empty if everything is as it should be
     * @throws IllegalStateException if the nodes don't come to hold the same
     */
    public static List<String> problems(ProcessCluster cluster, History history, Duration patience)
            throws IOException, InterruptedException {
        List<String> problems = new ArrayList<>();
        cluster.awaitEqual(patience);
        LogText first = cluster.log(cluster.ids().get(0));
        for (int id : cluster.ids()) {
            int difference = cluster.log(id).firstDifference(first);
            if (difference >= 0) {
                problems.add("the logs of nodes 0 and " + id + " differ in line " + (difference + 1));
            }
        }
        problems.addAll(Audit.of(history, first));
        Verdict verdict = Linearizability.STANDARD.check(history);
        if (!verdict.isGood()) {
            problems.add("the history is not linearizable: " + verdict);
        }
        return problems;
    }
}
