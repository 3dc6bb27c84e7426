package io.tenure.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that nobody listens on. They lie below those that systems hand out to outgoing connections: a port of a node
 * that is down for a while must still be free when it comes back, and who connects to it meanwhile must not by chance
 * be given that very port, and so be connected to itself. Ask once for all that are needed: two calls may find the same.
 */
public final class FreePorts {
    private static final int FIRST = 10_000;
    private static final int LAST = 31_999;
    private static final int ATTEMPTS_MAX = 1_000;

    private FreePorts() {}

    /** So many different ports, free at the moment. */
    public static List<Integer> find(int count) throws IOException {
        List<Integer> ports = new ArrayList<>();
        for (int attempt = 0; attempt < ATTEMPTS_MAX && ports.size() < count; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST + 1);
            if (!ports.contains(port) && isFree(port)) {
                ports.add(port);
            }
        }
        if (ports.size() < count) {
            throw new IOException("no " + count + " free ports from " + FIRST + " to " + LAST);
        }
        return ports;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false; // taken: what was asked for
        }
    }
}
