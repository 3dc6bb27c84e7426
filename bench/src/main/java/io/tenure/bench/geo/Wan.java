package io.tenure.bench.geo;

import io.tenure.bench.process.Surroundings;
import io.tenure.bench.relay.Cut;
import io.tenure.bench.relay.LinkConditions;
import io.tenure.bench.relay.RelayNet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * A network between regions on this machine, as a matrix has it. Node i of a cluster is in region i of the matrix; clients
 * are in regions, too, each beside a node, and reach every node through the matrix. One thread controls it.
 */
final class Wan implements Surroundings, AutoCloseable {
    private final Matrix matrix;
    private final RelayNet net;

    Wan(Matrix matrix, long seed) {
        this.matrix = matrix;
        net = new RelayNet(seed);
        restore();
    }

    Matrix matrix() {
        return matrix;
    }

    /** The port at which a node reaches its peers in another region, or in its own. */
    int openForNodes(String from, String to, int port) throws IOException {
        return net.open(node(from), node(to), port);
    }

    /** The port at which clients in a region reach a service in another, or in their own. */
    int openForClients(String from, String to, int port) throws IOException {
        return net.open(clients(from), node(to), port);
    }

    /**
     * Opens a SOCKS 5 proxy for the node in a region, behind which the nodes of all regions are.
     *
     * @param addresses by which they are known, one for each region; they need not exist
     * @param ports where they listen
     */
    int openProxy(String from, List<String> addresses, List<Integer> ports) throws IOException {
        List<RelayNet.Service> services = new ArrayList<>();
        for (int i = 0; i < ports.size(); i++) {
            services.add(
                    new RelayNet.Service(addresses.get(i), node(matrix.regions().get(i)), ports.get(i)));
        }
        return net.openSocks(node(from), services);
    }

    /** Closes a port that was opened for clients. */
    void shut(int port) {
        net.shut(port);
    }

    @Override
    public int peerPort(int from, int to, int peerPort) throws IOException {
        return openForNodes(matrix.regions().get(from), matrix.regions().get(to), peerPort);
    }

    private static String node(String region) {
        return region;
    }

    private static String clients(String region) {
        return region + " clients";
    }

    /** Nothing gets into the region or out of it; inside, everything works. */
    void isolate(String region) {
        cut((from, to) -> !from.equals(to) && (from.equals(region) || to.equals(region)), true);
    }

    /** Nothing gets to the node in the region or from it, not even inside; its clients reach the others. */
    void silence(String region) {
        cut((from, to) -> to.equals(region), false);
    }

    /** The network is as the matrix has it. */
    void restore() {
        cut((from, to) -> false, false);
    }

    /** Cuts what nodes send, and what clients send; nobody is told. */
    private void cut(BiPredicate<String, String> isCut, boolean clientsAsNodes) {
        for (String from : matrix.regions()) {
            for (String to : matrix.regions()) {
                LinkConditions way = matrix.way(from, to);
                boolean cutAmongNodes = isCut.test(from, to) || isCut.test(to, from);
                boolean cutThere = clientsAsNodes ? cutAmongNodes : isCut.test(from, to);
                net.set(node(from), node(to), cutAmongNodes ? way.with(Cut.HOLD) : way);
                LinkConditions back = matrix.way(to, from);
                net.set(clients(from), node(to), cutThere ? way.with(Cut.HOLD) : way);
                net.set(node(to), clients(from), cutThere ? back.with(Cut.HOLD) : back);
            }
        }
    }

    @Override
    public void close() {
        net.close();
    }
}
