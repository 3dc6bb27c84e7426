package io.tenure.bench.process;

import java.io.IOException;
import java.nio.file.Path;

/** What lies between the nodes of a cluster, and under them. */
public interface Surroundings {
    /** Nodes reach each other directly, and share a folder. */
    Surroundings PLAIN = new Surroundings() {};

    /**
     * The loopback port at which one node reaches another; asked once for each ordered pair.
     *
     * @param peerPort where {@code to} listens for its peers
     * @throws IOException if there is no such port to be had
     */
    default int peerPort(int from, int to, int peerPort) throws IOException {
        return peerPort;
    }

    /**
     * A node's {@code dataDir}, below which it makes a folder of its own.
     *
     * @param folder that of the whole cluster
     */
    default Path dataDir(int id, Path folder) {
        return folder;
    }
}
