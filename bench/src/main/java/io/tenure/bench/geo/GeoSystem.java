package io.tenure.bench.geo;

import io.tenure.bench.Target;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A store with a node in each region of an emulated network; its nodes run. One thread controls it. */
interface GeoSystem extends AutoCloseable {
    /** What readers of a report must know. */
    SystemNote note();

    /** What can be measured of it. */
    List<Line> lines();

    /** The region of the node that leads, if a majority acknowledges one now. */
    Optional<String> leaderNow() throws InterruptedException;

    /** Waits until there is a leader; the region of its node. */
    String leader() throws InterruptedException;

    /** Has the node in this region lead, and waits until it does. */
    void lead(String region) throws IOException, InterruptedException;

    /** A client in a region; it is ready when this returns. */
    Target connect(String region, Line line) throws IOException, InterruptedException;

    /** Ends a node as {@code kill -9} does. */
    void kill(String region) throws InterruptedException;

    /** Ends a node as Ctrl-C does, and waits until it is gone. */
    void stop(String region) throws InterruptedException;

    /** Starts a node again that was ended, without waiting for it. */
    void start(String region) throws IOException;

    /** Waits until every node is there and has what the others have. */
    void awaitWhole() throws IOException, InterruptedException;

    @Override
    void close();
}
