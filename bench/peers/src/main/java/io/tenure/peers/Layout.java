package io.tenure.peers;

import java.nio.file.Path;
import java.util.List;

/**
 * Where three nodes of a system are.
 *
 * @param folder for the files of all nodes
 * @param ports of the loopback address, free when this was made
 */
public record Layout(Path folder, List<Integer> ports) {
    /** How many nodes there are; their ids begin with 0. */
    public static final int NODES = 3;
    /** Where everything listens. */
    public static final String HOST = "127.0.0.1";

    private static final int PORTS_A_NODE = 8;

    /** Keeps a copy, and refuses too few ports. */
    public Layout {
        ports = List.copyOf(ports);
        if (ports.size() < NODES * PORTS_A_NODE) {
            throw new IllegalArgumentException("at least " + NODES * PORTS_A_NODE + " ports are needed");
        }
    }

    /**
     * A port of a node.
     *
     * @param which from 0 to 7
     */
    public int port(int node, int which) {
        return ports.get(node * PORTS_A_NODE + which);
    }

    /** A port of a node as others write it. */
    public String address(int node, int which) {
        return HOST + ":" + port(node, which);
    }

    /** The folder of a node's own files. */
    public Path nodeFolder(int node) {
        return folder.resolve("node" + node);
    }
}
