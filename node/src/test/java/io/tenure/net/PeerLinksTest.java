package io.tenure.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.protocol.HostPort;
import io.tenure.protocol.ProtocolVersion;
import io.tenure.protocol.Transport;
import io.tenure.protocol.proto.Hello;
import io.tenure.protocol.proto.HelloReply;
import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import io.tenure.raft.Input;
import io.tenure.raft.Message;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links between two nodes over real sockets. */
class PeerLinksTest {
    private static final PeerLinkLimits LIMITS = new PeerLinkLimits(1 << 20, 5, 50, 2_000);
    private static final EntryId PREV = new EntryId(9, 3);

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void messagesArriveInOrderFromTheLoopAndFromAnotherThread(boolean onLoop) throws Exception {
        try (PeerNode two = node(2, new TreeMap<>(), PeerNode.ANY_PORT);
                PeerNode one = node(1, peers(2, two), PeerNode.ANY_PORT)) {
            // Node two knows node one by its id only: it never connects to it here.
            one.links.open();
            Await.until("the link", () -> one.links.isUp(2));

            Runnable turn = () -> {
                for (int seq = 1; seq <= 10; seq++) {
                    assertThat(one.links.send(2, append(seq, 100))).isTrue();
                }
                one.links.flush();
            };
            if (onLoop) {
                one.loop.submit(turn).get(10, TimeUnit.SECONDS);
            } else {
                turn.run();
            }

            for (int seq = 1; seq <= 10; seq++) {
                Input.Receive receive = two.next();
                assertThat(receive.from()).isEqualTo(1);
                assertThat(((Message.AppendEntry) receive.message()).seq()).isEqualTo(seq);
            }
        }
    }

    @Test
    void javasOwnTransportDoesTheSame() throws Exception {
        try (PeerNode two = new PeerNode(PeerNode.identity(2), members(), PeerNode.ANY_PORT, LIMITS, Transport.NIO);
                PeerNode one =
                        new PeerNode(PeerNode.identity(1), peers(2, two), PeerNode.ANY_PORT, LIMITS, Transport.NIO)) {
            one.links.open();
            Await.until("the link", () -> one.links.isUp(2));

            one.links.send(2, append(1, 100));
            one.links.flush();

            assertThat(two.next().from()).isEqualTo(1);
        }
    }

    @Test
    void aNameIsLookedUp() throws Exception {
        try (PeerNode two = node(2, members(), PeerNode.ANY_PORT);
                PeerNode one = node(
                        1,
                        peers(2, new HostPort("localhost", two.server.address().getPort())),
                        PeerNode.ANY_PORT)) {
            one.links.open();

            Await.until("the link", () -> one.links.isUp(2));
        }
    }

    @Test
    void nothingLeavesBeforeTheFlush() throws Exception {
        try (PeerNode two = node(2, members(), PeerNode.ANY_PORT);
                PeerNode one = node(1, peers(2, two), PeerNode.ANY_PORT)) {
            one.links.open();
            Await.until("the link", () -> one.links.isUp(2));

            one.links.send(2, append(1, 100));
            one.loop.submit(() -> {}).get(10, TimeUnit.SECONDS);
            assertThat(two.received).isEmpty();

            one.links.flush();
            two.next();
        }
    }

    @Test
    void withoutALinkAMessageIsNotTaken() throws Exception {
        try (PeerNode one = node(1, peers(2, freePort()), PeerNode.ANY_PORT)) {
            assertThat(one.links.send(2, append(1, 100))).isFalse();
            one.links.flush();
            assertThatThrownBy(() -> one.links.send(7, append(1, 100)))
                    .hasMessage("node 7 is not a peer; peers are [2]");
        }
    }

    @Test
    void nothingIsSentToAPeerThatIsShutOutEvenWhileTheLinkIsUp() throws Exception {
        try (PeerNode two = node(2, members(), PeerNode.ANY_PORT);
                PeerNode one = node(1, peers(2, two), PeerNode.ANY_PORT)) {
            one.links.open();
            Await.until("the link", () -> one.links.isUp(2));

            one.loop
                    .submit(() -> {
                        one.links.shutOut(2);
                        assertThat(one.links.isUp(2)).isTrue();
                        assertThat(one.links.send(2, append(1, 100))).isFalse();
                    })
                    .get(10, TimeUnit.SECONDS);
            Await.until("the loss", () -> !one.lost.isEmpty());
        }
    }

    @Test
    void aPeerThatRejoinsKnowsWhatItLostAndIsSpokenWith() throws Exception {
        NodeIdentity rejoining = new NodeIdentity("test", 2, 102, 1, 9, true);
        try (PeerNode two = new PeerNode(rejoining, members(), PeerNode.ANY_PORT, LIMITS);
                PeerNode one = node(1, peers(2, two), PeerNode.ANY_PORT)) {
            one.links.open();
            Await.until("the link", () -> one.links.isUp(2));

            one.loop.submit(() -> one.links.shutOut(2)).get(10, TimeUnit.SECONDS);
            one.loop.submit(() -> {}).get(10, TimeUnit.SECONDS);
            assertThat(one.links.send(2, append(1, 100))).isTrue();
            one.links.flush();
            two.next();
            assertThat(one.lost).isEmpty();
        }
    }

    @Test
    void aLinkIsMadeAgainAndItsLossIsTold() throws Exception {
        HostPort address;
        PeerNode two = node(2, members(), PeerNode.ANY_PORT);
        address = PeerNode.hostPort(two.server.address());
        try (PeerNode one = node(1, peers(2, address), PeerNode.ANY_PORT)) {
            one.links.open();
            Await.until("the link", () -> one.links.isUp(2));

            two.close();
            Await.until("the loss", () -> !one.lost.isEmpty());
            assertThat(one.lost).containsExactly(2);
            assertThat(one.links.send(2, append(1, 100))).isFalse();
            Await.until("the hint", () -> !one.gone.isEmpty());
            assertThat(one.gone).containsExactly(2);
            assertThat(one.up).containsExactly(2);

            try (PeerNode again = node(2, members(), address)) {
                Await.until("the link again", () -> one.links.isUp(2));
                one.links.send(2, append(2, 100));
                one.links.flush();
                again.next();
                assertThat(one.lost).as("an attempt that fails is no loss").containsExactly(2);
                assertThat(one.gone).as("told once").containsExactly(2);
                assertThat(one.up).containsExactly(2, 2);
            }
        } finally {
            two.close();
        }
    }

    @Test
    void aPeerThatConnectsIsConnectedToAtOnce() throws Exception {
        PeerLinkLimits patient = new PeerLinkLimits(1 << 20, 600_000, 600_000, 2_000);
        HostPort addressOfTwo = freePort();
        try (PeerNode one = new PeerNode(PeerNode.identity(1), peers(2, addressOfTwo), PeerNode.ANY_PORT, patient)) {
            one.links.open();
            // Its first attempt fails now; the next would come in minutes.
            one.loop.schedule(() -> {}, 100, TimeUnit.MILLISECONDS).get(10, TimeUnit.SECONDS);

            try (PeerNode two = new PeerNode(
                    PeerNode.identity(2), peers(1, PeerNode.hostPort(one.server.address())), addressOfTwo, patient)) {
                two.links.open();
                Await.until("the link back", () -> one.links.isUp(2));
            }
        }
    }

    @Test
    void aPeerThatDoesNotReadCostsItsMessagesOnlyAndNotTheSmallOnes() throws Exception {
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                PeerNode one = node(1, peers(2, new HostPort("127.0.0.1", deaf.getLocalPort())), PeerNode.ANY_PORT)) {
            one.links.open();
            try (Socket accepted = deaf.accept()) {
                welcome(accepted);
                Await.until("the link", () -> one.links.isUp(2));

                Message large = append(1, 100_000);
                Await.until("a full queue", () -> {
                    boolean taken = one.links.send(2, large);
                    one.links.flush();
                    return !taken;
                });

                assertThat(one.links.send(2, large)).isFalse();
                assertThat(one.links.send(2, heartbeat(2)))
                        .as("a heartbeat has room of its own")
                        .isTrue();
                int heartbeats = 0;
                while (one.links.send(2, heartbeat(2))) {
                    heartbeats++;
                }
                assertThat(heartbeats).as("but that is bounded, too").isLessThan(10_000);
            }
        }
    }

    @Test
    void aMessageLargerThanTheQueueGetsThroughAlone() throws Exception {
        PeerLinkLimits small = new PeerLinkLimits(1000, 5, 50, 2_000);
        try (PeerNode two = node(2, members(), PeerNode.ANY_PORT);
                PeerNode one = new PeerNode(PeerNode.identity(1), peers(2, two), PeerNode.ANY_PORT, small)) {
            one.links.open();
            Await.until("the link", () -> one.links.isUp(2));

            for (int seq = 1; seq <= 3; seq++) {
                Message large = append(seq, 500_000);
                Await.until("an empty queue", () -> one.links.send(2, large));
                one.links.flush();
                two.next();
            }
        }
    }

    @Test
    void aLinkThatIsClosedStaysClosed() throws Exception {
        try (PeerNode two = node(2, members(), PeerNode.ANY_PORT);
                PeerNode one = node(1, peers(2, two), PeerNode.ANY_PORT)) {
            one.links.open();
            Await.until("the link", () -> one.links.isUp(2));

            one.links.close().get(10, TimeUnit.SECONDS);
            one.links.reconnectNow(2);
            one.loop.schedule(() -> {}, 100, TimeUnit.MILLISECONDS).get(10, TimeUnit.SECONDS);

            assertThat(one.links.isUp(2)).isFalse();
            assertThat(one.lost).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cluster", "node", "version"})
    void theWrongNodeAtTheRightAddressIsNotTalkedTo(String wrong) throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                PeerNode one = node(1, peers(2, new HostPort("127.0.0.1", other.getLocalPort())), PeerNode.ANY_PORT)) {
            one.links.open();
            for (int attempt = 0; attempt < 2; attempt++) {
                try (Socket accepted = other.accept()) {
                    accepted.setSoTimeout(10_000);
                    HelloReply.Builder reply = welcomeOfTwo();
                    switch (wrong) {
                        case "cluster" -> reply.setClusterId("other");
                        case "node" -> reply.setNodeId(0);
                        default -> reply.setProtocolVersion(ProtocolVersion.CURRENT + 1);
                    }
                    answer(accepted, reply.build());
                    assertThat(accepted.getInputStream().read()).as("closed").isEqualTo(-1);
                }
                assertThat(one.links.isUp(2)).isFalse();
            }
        }
    }

    static PeerNode node(int id, SortedMap<Integer, HostPort> peers, HostPort bind) throws Exception {
        return new PeerNode(PeerNode.identity(id), peers.isEmpty() ? members() : peers, bind, LIMITS);
    }

    /** Members by id; nobody listens there. */
    static SortedMap<Integer, HostPort> members() throws Exception {
        SortedMap<Integer, HostPort> members = new TreeMap<>();
        HostPort nobody = freePort();
        for (int id = 0; id < 3; id++) {
            members.put(id, nobody);
        }
        return members;
    }

    private static SortedMap<Integer, HostPort> peers(int id, PeerNode node) {
        return peers(id, PeerNode.hostPort(node.server.address()));
    }

    private static SortedMap<Integer, HostPort> peers(int id, HostPort address) {
        return new TreeMap<>(Map.of(id, address));
    }

    private static HostPort freePort() throws Exception {
        return new HostPort("127.0.0.1", FreePorts.find(1).get(0));
    }

    private static HelloReply.Builder welcomeOfTwo() {
        return HelloReply.newBuilder()
                .setAccepted(true)
                .setProtocolVersion(ProtocolVersion.CURRENT)
                .setClusterId("test")
                .setNodeId(2)
                .setIncarnation(102)
                .setBootCount(5);
    }

    private static void welcome(Socket accepted) throws Exception {
        answer(accepted, welcomeOfTwo().build());
    }

    private static void answer(Socket accepted, HelloReply reply) throws Exception {
        DataInputStream input = new DataInputStream(accepted.getInputStream());
        Hello hello = Hello.parseFrom(input.readNBytes(input.readInt()));
        assertThat(hello.getNodeId()).isEqualTo(1);
        assertThat(hello.getTargetNodeId()).isEqualTo(2);
        assertThat(hello.getIncarnation()).isEqualTo(101);
        assertThat(hello.getBootCount()).isEqualTo(5);
        DataOutputStream output = new DataOutputStream(accepted.getOutputStream());
        output.writeInt(reply.getSerializedSize());
        reply.writeTo(output);
        output.flush();
    }

    private static Message append(long seq, int valueBytes) {
        List<Entry> entries = List.of(Batches.write(4, "k", "v".repeat(valueBytes), 8, seq));
        return new Message.AppendEntry(4, PREV, entries, 8, 350, 0, seq);
    }

    private static Message heartbeat(long seq) {
        return new Message.AppendEntry(4, PREV, List.of(), 8, 350, 0, seq);
    }
}
