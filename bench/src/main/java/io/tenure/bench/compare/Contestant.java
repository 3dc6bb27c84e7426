package io.tenure.bench.compare;

import io.tenure.bench.process.NodeProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * The nodes of one system, freshly made: processes on empty folders. One thread controls it. However it ends, its
 * processes end with it: by {@link #close}, or with this JVM.
 */
interface Contestant extends AutoCloseable {
    /** Starts every node; whether they come to work shows only later. */
    void startAll() throws IOException;

    /** Ids of all nodes, from 0. */
    List<Integer> ids();

    /** The process of a node. */
    NodeProcess node(int id);

    /** Starts a node again that was killed, on what it left on the disk. */
    default void restart(int id) throws IOException {
        node(id).start();
    }

    /** How long a node that was started again takes to take part. */
    default Duration restartTime() {
        return Duration.ofSeconds(6);
    }

    /** Who leads, if that is known without asking through a client. */
    default OptionalInt leader() {
        return OptionalInt.empty();
    }

    /** How the process of its client is started; see {@link Driver}. */
    List<String> driverCommand();

    /** Processor time of all nodes together. */
    default Duration cpuTime() {
        return ids().stream().map(id -> node(id).cpuTime()).reduce(Duration.ZERO, Duration::plus);
    }

    /** The end of what its nodes printed, for an error message. */
    default String lastWords() {
        StringBuilder text = new StringBuilder();
        for (int id : ids()) {
            text.append("node ").append(id);
            text.append(node(id).isRunning() ? " runs" : " does not run").append("; it said:\n");
            text.append(node(id).lastWords()).append('\n');
        }
        return text.toString();
    }

    /** Kills what still runs. Files stay. */
    @Override
    void close();
}
