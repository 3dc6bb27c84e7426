package io.tenure.bench.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RelayNetTest {
    private static final int TIMEOUT_MILLIS = 20_000;
    /** Long enough for anything that is not held. */
    private static final int SILENCE_MILLIS = 300;

    private final RelayNet net = new RelayNet(1);
    private final List<Socket> sockets = new ArrayList<>();
    private ServerSocket server;
    private int port;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server.setSoTimeout(TIMEOUT_MILLIS);
        port = net.open("a", "b", server.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        server.close();
        net.close();
    }

    /** Both ends of a connection through the relay. */
    private record Ends(Socket caller, Socket target) {
        void send(long number) throws IOException {
            new DataOutputStream(caller.getOutputStream()).writeLong(number);
        }

        long receive() throws IOException {
            return new DataInputStream(target.getInputStream()).readLong();
        }

        void sendBack(long number) throws IOException {
            new DataOutputStream(target.getOutputStream()).writeLong(number);
        }

        long receiveBack() throws IOException {
            return new DataInputStream(caller.getInputStream()).readLong();
        }
    }

    private Socket call() throws IOException {
        return kept(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    private Ends connect() throws IOException {
        return new Ends(call(), kept(server.accept()));
    }

    private Socket kept(Socket socket) throws IOException {
        sockets.add(socket);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    @Test
    void eachWayHasADelayOfItsOwn() throws IOException {
        net.set("a", "b", LinkConditions.delayed(Duration.ofMillis(30)));
        net.set("b", "a", LinkConditions.delayed(Duration.ofMillis(12)));
        Ends ends = connect();
        double[] there = new double[41];
        double[] back = new double[41];
        for (int i = 0; i < there.length; i++) {
            long sent = System.nanoTime();
            ends.send(i);
            assertThat(ends.receive()).isEqualTo(i);
            long arrived = System.nanoTime();
            ends.sendBack(i);
            assertThat(ends.receiveBack()).isEqualTo(i);
            there[i] = (arrived - sent) / 1e6;
            back[i] = (System.nanoTime() - arrived) / 1e6;
        }
        Arrays.sort(there);
        Arrays.sort(back);
        // The shortest trip is the relay's doing; a busy machine makes others longer.
        assertThat(there[0]).as("least of %s", Arrays.toString(there)).isBetween(30.0, 31.0);
        assertThat(back[0]).as("least of %s", Arrays.toString(back)).isBetween(12.0, 13.0);
    }

    @Test
    void bytesStayInOrderWhateverHappensToTheLink() throws Exception {
        Ends ends = connect();
        Thread sender = new Thread(() -> {
            try {
                for (long i = 0; i < 200_000; i++) {
                    ends.send(i);
                }
                ends.caller.shutdownOutput();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        sender.start();
        DataInputStream in = new DataInputStream(new java.io.BufferedInputStream(ends.target.getInputStream()));
        for (long i = 0; i < 200_000; i++) {
            if (i % 10_000 == 0) {
                Duration delay = Duration.ofMillis(i / 10_000 % 3);
                net.set("a", "b", new LinkConditions(delay, Duration.ofMillis(3), 0, Cut.NONE));
            }
            assertThat(in.readLong()).isEqualTo(i);
        }
        assertThat(in.read()).as("the end").isEqualTo(-1);
        sender.join();
    }

    @Test
    void aCutOneWayHoldsThatWayAlone() throws IOException {
        Ends ends = connect();
        ends.send(1);
        assertThat(ends.receive()).isEqualTo(1);
        net.set("a", "b", LinkConditions.FREE.with(Cut.HOLD));
        ends.send(2);
        ends.sendBack(3);
        assertThat(ends.receiveBack()).isEqualTo(3);
        assertSilent(ends.target);
        net.set("a", "b", LinkConditions.FREE);
        assertThat(ends.receive()).as("sent during the cut").isEqualTo(2);
    }

    @Test
    void aConnectionMadeDuringACutComesThroughAfterIt() throws IOException {
        net.set("a", "b", LinkConditions.FREE.with(Cut.HOLD));
        Ends ends = connect();
        ends.send(1);
        assertSilent(ends.target);
        net.heal();
        assertThat(ends.receive()).isEqualTo(1);
    }

    @Test
    void theEndOfAConnectionTravelsLikeEverythingElse() throws IOException {
        Ends ends = connect();
        net.set("a", "b", LinkConditions.FREE.with(Cut.HOLD));
        ends.send(7);
        ends.caller.close();
        assertSilent(ends.target);
        net.set("a", "b", LinkConditions.FREE);
        assertThat(ends.receive()).isEqualTo(7);
        assertThat(ends.target.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void aCutThatClosesEndsWhatWasMadeInThatDirection() throws IOException {
        Ends ends = connect();
        net.set("b", "a", LinkConditions.FREE.with(Cut.CLOSE));
        ends.send(1);
        assertThat(ends.receive()).as("the other way's cut is not ours").isEqualTo(1);
        net.set("a", "b", LinkConditions.FREE.with(Cut.CLOSE));
        assertThat(ends.target.getInputStream().read()).isEqualTo(-1);
        assertThat(ends.caller.getInputStream().read()).isEqualTo(-1);
        assertThat(call().getInputStream().read()).as("a new one").isEqualTo(-1);
        net.heal();
        Ends again = connect();
        again.send(2);
        assertThat(again.receive()).isEqualTo(2);
    }

    @Test
    void callersOfWhoIsNotThereAreSentAway() throws IOException {
        server.close();
        assertThat(call().getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void callersAreRefusedWhileNobodyListensAndLetInAfterwards() throws IOException {
        Ends ends = connect();
        ends.target.close();
        server.close();
        assertThat(ends.caller.getInputStream().read()).isEqualTo(-1);
        assertThatThrownBy(this::call).isInstanceOf(ConnectException.class);
        server = new ServerSocket(server.getLocalPort(), 50, InetAddress.getLoopbackAddress());
        server.setSoTimeout(TIMEOUT_MILLIS);
        Ends again = connectWhenPossible();
        again.send(1);
        assertThat(again.receive()).isEqualTo(1);
    }

    /** The relay finds out by trial; what it tried with comes first, and is closed. */
    private Ends connectWhenPossible() throws IOException {
        long deadline = System.nanoTime() + TIMEOUT_MILLIS * 1_000_000L;
        kept(server.accept());
        while (true) {
            try {
                return connect();
            } catch (ConnectException e) {
                assertThat(System.nanoTime()).as("%s", e).isLessThan(deadline);
            }
        }
    }

    @Test
    void whoeverHearsOfTheEndOfAProcessIsRefusedARoundTripAfter() throws IOException {
        net.set("b", "a", LinkConditions.delayed(Duration.ofMillis(40)));
        net.set("a", "b", LinkConditions.delayed(Duration.ofMillis(10)));
        Ends ends = connect();
        ends.sendBack(5);
        assertThat(ends.receiveBack()).isEqualTo(5);
        long start = System.nanoTime();
        server.close();
        ends.target.close();
        assertThat(ends.caller.getInputStream().read()).isEqualTo(-1);
        assertThatThrownBy(this::call).isInstanceOf(ConnectException.class);
        assertThat((System.nanoTime() - start) / 1e6).isGreaterThanOrEqualTo(90);
    }

    @Test
    void aConnectionTakesARoundTripToBeMade() throws IOException {
        net.set("a", "b", LinkConditions.delayed(Duration.ofMillis(20)));
        net.set("b", "a", LinkConditions.delayed(Duration.ofMillis(30)));
        long start = System.nanoTime();
        Ends ends = connect();
        ends.send(1);
        assertThat(ends.receive()).isEqualTo(1);
        assertThat((System.nanoTime() - start) / 1e6).isGreaterThanOrEqualTo(70);
    }

    @Test
    void nothingArrivesBeforeItsDelayOrOutOfOrderWithJitter() throws IOException {
        Ends ends = connect();
        net.set("a", "b", new LinkConditions(Duration.ofMillis(15), Duration.ofMillis(10), 0, Cut.NONE));
        long[] sent = new long[200];
        for (int i = 0; i < sent.length; i++) {
            sent[i] = System.nanoTime();
            ends.send(i);
            LockSupport.parkNanos(200_000);
        }
        for (int i = 0; i < sent.length; i++) {
            assertThat(ends.receive()).isEqualTo(i);
            assertThat((System.nanoTime() - sent[i]) / 1e6).isGreaterThanOrEqualTo(15);
        }
    }

    @Test
    void connectionsBreakAtRandomWhereTheyAreSaidTo() throws IOException {
        net.set("a", "b", new LinkConditions(Duration.ZERO, Duration.ZERO, 0, Duration.ofMillis(50), Cut.NONE));
        for (int i = 0; i < 5; i++) {
            Ends ends = connect();
            assertThat(ends.caller.getInputStream().read()).isEqualTo(-1);
            assertThat(ends.target.getInputStream().read()).isEqualTo(-1);
        }
        net.heal();
        Ends ends = connect();
        ends.send(1);
        assertThat(ends.receive()).isEqualTo(1);
        assertSilent(ends.target);
    }

    @Test
    void allConnectionsShareTheBandwidth() throws Exception {
        net.set("a", "b", new LinkConditions(Duration.ZERO, Duration.ZERO, 1_000_000, Cut.NONE));
        Ends one = connect();
        Ends other = connect();
        int bytes = 250_000;
        long start = System.nanoTime();
        Thread sender = new Thread(() -> {
            try {
                one.caller.getOutputStream().write(new byte[bytes]);
                other.caller.getOutputStream().write(new byte[bytes]);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        sender.start();
        assertThat(one.target.getInputStream().readNBytes(bytes)).hasSize(bytes);
        assertThat(other.target.getInputStream().readNBytes(bytes)).hasSize(bytes);
        sender.join();
        double seconds = (System.nanoTime() - start) / 1e9;
        assertThat(seconds).isBetween(0.49, 0.75);
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> LinkConditions.delayed(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("delay, jitter, bandwidth and life must not be negative");
    }

    private static void assertSilent(Socket socket) throws IOException {
        socket.setSoTimeout(SILENCE_MILLIS);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout(TIMEOUT_MILLIS);
    }
}
