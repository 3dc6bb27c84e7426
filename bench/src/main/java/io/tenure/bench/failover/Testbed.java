package io.tenure.bench.failover;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A running cluster, and what can be done to it, however it was started and wherever it runs. One thread at a time. Each call
 * returns when it is done; a node that was started may still be on its way.
 */
public interface Testbed {
    /** Ids of all nodes, running or not. */
    List<Integer> ids();

    /** Where clients reach a node, {@code host:port}. */
    String address(int id);

    /** Where clients reach all nodes, as the SDK takes it. */
    default String addresses() {
        return ids().stream().map(this::address).collect(Collectors.joining(","));
    }

    /** Ends a node's process as {@code kill -9} does. */
    void kill(int id) throws IOException, InterruptedException;

    /** Tells a node to stop, as SIGTERM does, and waits until it has. */
    void stop(int id) throws IOException, InterruptedException;

    /** Starts a node that is not running, on the data that it left. */
    void start(int id) throws IOException, InterruptedException;

    /** Has a node say nothing more, as if its host were gone without a word. */
    void suspend(int id) throws IOException, InterruptedException;

    /** Has a suspended node go on. */
    void resume(int id) throws IOException, InterruptedException;

    /** Cuts a node off from all other nodes, both ways. Its clients still reach it. */
    void cut(int id) throws IOException, InterruptedException;

    /** Ends all cuts. */
    void heal() throws IOException, InterruptedException;
}
