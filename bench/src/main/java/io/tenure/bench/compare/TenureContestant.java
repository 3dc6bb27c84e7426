package io.tenure.bench.compare;

import io.tenure.bench.process.ClusterPlan;
import io.tenure.bench.process.NodeProcess;
import io.tenure.bench.process.ProcessCluster;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;

/** Tenure itself, started as every other test of its processes starts it. */
final class TenureContestant implements Contestant {
    private final ProcessCluster cluster;
    private final Function<String, List<String>> driverCommand;

    /**
     * Starts nothing yet.
     *
     * @param driverCommand how its client is started, given the addresses of the nodes
     */
    TenureContestant(ClusterPlan plan, Function<String, List<String>> driverCommand) throws IOException {
        cluster = new ProcessCluster(plan);
        this.driverCommand = driverCommand;
    }

    @Override
    public void startAll() throws IOException {
        cluster.startAll();
    }

    @Override
    public List<Integer> ids() {
        return cluster.ids();
    }

    @Override
    public NodeProcess node(int id) {
        return cluster.process(id);
    }

    @Override
    public OptionalInt leader() {
        return cluster.leader().stream().mapToInt(ProcessCluster.Leader::id).findFirst();
    }

    @Override
    public List<String> driverCommand() {
        return driverCommand.apply(cluster.addresses());
    }

    @Override
    public void close() {
        cluster.close();
    }
}
