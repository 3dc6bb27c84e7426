package io.tenure.bench.geo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WanTest {
    private static final int TIMEOUT_MILLIS = 20_000;
    private static final int SILENCE_MILLIS = 300;

    private final Matrix matrix = MatrixFile.parse(
            "m",
            "m",
            List.of(
                    "a a rtt=1",
                    "b b rtt=1",
                    "c c rtt=1",
                    "a b rtt=20",
                    "a c rtt=40",
                    "b > c delay=5",
                    "c > b delay=9"));

    /** The shortest trip is the relay's doing; a busy machine makes others longer. */
    @Test
    void roundTripsAreThoseOfTheMatrix() throws Exception {
        try (Wan wan = new Wan(matrix, 1)) {
            RoundTrips measured = EchoTrips.measure(wan, 21);
            for (String from : matrix.regions()) {
                for (String to : matrix.regions()) {
                    double wanted = matrix.roundTripMillis(from, to);
                    assertThat(measured.between(from, to))
                            .as("%s to %s and back", from, to)
                            .isBetween(wanted, wanted + 10);
                }
            }
            assertThat(measured.between("c", "b")).isGreaterThanOrEqualTo(14);
        }
    }

    @Test
    void aRegionCutOffWorksInside() throws Exception {
        try (Wan wan = new Wan(matrix, 1)) {
            wan.isolate("a");
            assertArrives(port -> wan.openForClients("a", "a", port));
            assertArrives(port -> wan.openForNodes("c", "b", port));
            assertSilent(port -> wan.openForClients("b", "a", port));
            assertSilent(port -> wan.openForClients("a", "b", port));
            assertSilent(port -> wan.openForNodes("c", "a", port));
        }
    }

    @Test
    void aSilentNodeHearsNobodyAndItsNeighboursDo() throws Exception {
        try (Wan wan = new Wan(matrix, 1)) {
            wan.silence("a");
            assertSilent(port -> wan.openForClients("a", "a", port));
            assertSilent(port -> wan.openForNodes("c", "a", port));
            assertSilent(port -> wan.openForNodes("a", "c", port));
            assertArrives(port -> wan.openForClients("a", "b", port));
            wan.restore();
            assertArrives(port -> wan.openForClients("a", "a", port));
        }
    }

    /** Opens a relay to a port, and tells its own. */
    private interface Opening {
        int open(int port) throws IOException;
    }

    private static void assertArrives(Opening opening) throws IOException {
        assertThat(send(opening, TIMEOUT_MILLIS)).isEqualTo(7);
    }

    private static void assertSilent(Opening opening) {
        assertThatThrownBy(() -> send(opening, SILENCE_MILLIS)).isInstanceOf(SocketTimeoutException.class);
    }

    private static int send(Opening opening, int timeoutMillis) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 9, InetAddress.getLoopbackAddress());
                Socket caller = new Socket(InetAddress.getLoopbackAddress(), opening.open(server.getLocalPort()));
                Socket target = server.accept()) {
            target.setSoTimeout(timeoutMillis);
            caller.getOutputStream().write(7);
            return target.getInputStream().read();
        }
    }
}
