package io.tenure.bench.failover;

import io.tenure.bench.process.Await;
import io.tenure.bench.process.NodeStatusProbe;
import io.tenure.bench.process.ProcessCluster.Leader;
import io.tenure.protocol.HostPort;
import io.tenure.protocol.proto.NodeStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Asks nodes again and again how they see themselves. One thread at a time. */
final class StatusWatch implements AutoCloseable {
    /** What the time of an election may seem longer than it was. */
    private static final Duration STEP = Duration.ofMillis(2);

    private final Map<Integer, NodeStatusProbe> probes = new TreeMap<>();
    private final Duration patience;

    StatusWatch(Testbed testbed, Duration patience) {
        this.patience = patience;
        for (int id : testbed.ids()) {
            probes.put(id, new NodeStatusProbe(HostPort.parse(testbed.address(id))));
        }
    }

    /** Waits for the leader that a majority of all nodes acknowledges. */
    Leader awaitLeader() throws InterruptedException {
        return Await.await(patience, () -> leader(statuses(probes.keySet())), () -> "a leader. " + describe());
    }

    private Leader leader(List<NodeStatus> all) {
        for (NodeStatus status : all) {
            long followers = all.stream()
                    .filter(other -> other.getTerm() == status.getTerm() && other.getLeaderId() == status.getNodeId())
                    .count();
            if (status.getRole().equals("LEADER") && followers > probes.size() / 2) {
                return new Leader(status.getNodeId(), status.getTerm());
            }
        }
        return null;
    }

    /** Waits until one of these nodes leads a later term than {@code old} did; the others are not asked. */
    Leader awaitNext(Collection<Integer> ids, Leader old) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() - deadline < 0) {
            for (NodeStatus status : statuses(ids)) {
                if (status.getRole().equals("LEADER") && status.getTerm() > old.term()) {
                    return new Leader(status.getNodeId(), status.getTerm());
                }
            }
            Await.pause(STEP);
        }
        throw new IllegalStateException("no leader after " + old + " in " + patience.toSeconds() + " s. " + describe());
    }

    /** Waits until a node has committed what the leader has by now. */
    void awaitCaughtUp(int id) throws InterruptedException {
        Leader leader = awaitLeader();
        NodeStatus target = Await.await(patience, () -> ask(leader.id()).orElse(null), this::describe);
        Await.await(
                patience,
                () -> ask(id).filter(status -> status.getCommitIndex() >= target.getCommitIndex())
                        .orElse(null),
                () -> "node " + id + " at index " + target.getCommitIndex() + ". " + describe());
    }

    private Optional<NodeStatus> ask(int id) {
        return probes.get(id).ask();
    }

    private List<NodeStatus> statuses(Collection<Integer> ids) {
        List<NodeStatus> statuses = new ArrayList<>();
        ids.forEach(id -> ask(id).ifPresent(statuses::add));
        return statuses;
    }

    private String describe() {
        return "Nodes that answer: " + statuses(probes.keySet());
    }

    @Override
    public void close() {
        probes.values().forEach(NodeStatusProbe::close);
    }
}
