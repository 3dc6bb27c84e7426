package io.tenure.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.UnknownFieldSet;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.tenure.handoff.Reply;
import io.tenure.protocol.HostPort;
import io.tenure.protocol.Limits;
import io.tenure.protocol.Transport;
import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.ClientRequest;
import io.tenure.protocol.proto.ConnectionRole;
import io.tenure.protocol.proto.Hello;
import io.tenure.protocol.proto.HelloReply;
import io.tenure.protocol.proto.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Node 1's client port, over real sockets; the core is in the test's hands. */
class ClientServerTest {
    private static final int KEY_BYTES_MAX = 100;
    private static final int VALUE_BYTES_MAX = 1 << 20;
    private static final int TICKETS_MAX = 16;
    private static final int CONNECTIONS_MAX = 3;
    private static final NodeIdentity SELF = new NodeIdentity("test", 1, 101, 5, 9, false);

    private final EventLoopGroup group = Transport.best().newGroup(1, new DefaultThreadFactory("clients", true));
    private final EventLoop loop = group.next();
    private final Network network = new Network(loop, Transport.best(), System::nanoTime, Runnable::run);
    private final NettyStageRunner runner = new NettyStageRunner(loop, System::nanoTime, thrown -> {
        throw new AssertionError(thrown);
    });
    private final GatewayFixture node = new GatewayFixture(
            new GatewayLimits(KEY_BYTES_MAX, VALUE_BYTES_MAX, TICKETS_MAX, TICKETS_MAX, 1000), runner);
    private ClientServer server;

    @BeforeEach
    void open() throws Exception {
        server = server(
                new ClientServerLimits(CONNECTIONS_MAX, KEY_BYTES_MAX, VALUE_BYTES_MAX, 8L * VALUE_BYTES_MAX, 5_000));
        runner.start(node.gateway);
        onLoop(() -> {
            node.lead(4);
            node.lease();
            node.map.put("name1", "Sam");
            return null;
        });
    }

    private ClientServer server(ClientServerLimits limits) throws BindException {
        ClientServer opened = new ClientServer(network, SELF, node.gateway, limits);
        opened.open(PeerNode.ANY_PORT);
        return opened;
    }

    @AfterEach
    void close() throws Exception {
        server.close();
        runner.stop().get(10, TimeUnit.SECONDS);
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void theHandshakeTellsTheLimits() throws Exception {
        try (RawConnection client = new RawConnection(server.address())) {
            HelloReply reply = client.hello(RawConnection.clientHello().build());

            assertThat(reply.getAccepted()).isTrue();
            assertThat(reply.getClusterId()).isEqualTo("test");
            assertThat(reply.getNodeId()).isEqualTo(1);
            assertThat(reply.getKeyBytesMax()).isEqualTo(KEY_BYTES_MAX);
            assertThat(reply.getValueBytesMax()).isEqualTo(VALUE_BYTES_MAX);
        }
    }

    @Test
    void requestsArePipelinedAndAnsweredOutOfOrder() throws Exception {
        try (RawConnection client = connect()) {
            client.send(ClientGatewayTest.set(1, "k", "v", 1));
            client.send(ClientGatewayTest.get(2, "name1"));

            assertThat(receive(client).getId())
                    .as("a lease read waits for nobody")
                    .isEqualTo(2);
            onLoop(node::drainRing);
            node.replies.offer(new Reply(node.lastTicket, Reply.Outcome.DONE, 4, 1, 12, 0, null));
            ClientReply written = receive(client);
            assertThat(written.getId()).isEqualTo(1);
            assertThat(written.getIndex()).isEqualTo(12);
        }
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal(h -> h.setProtocolVersion(7), "protocol version 7 is not spoken here; this node speaks 3"),
                refusal(
                        h -> h.setRole(ConnectionRole.PEER),
                        "this is the client port of node 1; peers connect to its peer port"),
                refusal(h -> h.setClusterId("other"), "this node belongs to cluster \"test\", not to \"other\""));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void whoIsWrongHereIsToldWhy(UnaryOperator<Hello.Builder> spoil, String reason) throws Exception {
        try (RawConnection client = new RawConnection(server.address())) {
            HelloReply reply =
                    client.hello(spoil.apply(RawConnection.clientHello()).build());

            assertThat(reply.getAccepted()).isFalse();
            assertThat(reply.getReason()).isEqualTo(reason);
            assertThat(client.isClosedByOtherSide()).isTrue();
        }
        aGoodClientIsServed();
    }

    static Stream<byte[]> garbage() {
        return Stream.of(
                "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                new byte[] {-1, -1, -1, -1},
                new byte[] {0, 0, 0, 2, 7, 7},
                new byte[1_000_000]);
    }

    @ParameterizedTest
    @MethodSource("garbage")
    void garbageClosesItsConnectionOnly(byte[] bytes) throws Exception {
        try (RawConnection other = connect();
                RawConnection client = new RawConnection(server.address())) {
            sendUntilClosed(client, bytes);

            assertThat(client.isClosedByOtherSide()).isTrue();
            other.send(ClientGatewayTest.get(5, "name1"));
            assertThat(receive(other).getValue().toStringUtf8()).isEqualTo("Sam");
        }
        aGoodClientIsServed();
    }

    @ParameterizedTest
    @MethodSource("garbage")
    void garbageAfterTheHandshakeClosesItsConnectionOnly(byte[] bytes) throws Exception {
        try (RawConnection client = connect()) {
            byte[] frames = bytes.length == 1_000_000
                    ? ByteBuffer.allocate(8)
                            .putInt(Limits.clientFrameBytesMax(VALUE_BYTES_MAX) + 1)
                            .array()
                    : bytes;
            sendUntilClosed(client, frames);

            assertThat(client.isClosedByOtherSide()).isTrue();
        }
        aGoodClientIsServed();
    }

    @Test
    void whoSaysNothingIsClosed() throws Exception {
        ClientServer impatient =
                server(new ClientServerLimits(CONNECTIONS_MAX, KEY_BYTES_MAX, VALUE_BYTES_MAX, 1 << 20, 50));
        try (RawConnection client = new RawConnection(impatient.address())) {
            assertThat(client.isClosedByOtherSide()).isTrue();
        } finally {
            impatient.close();
        }
    }

    @Test
    void oneConnectionTooManyIsToldSoAndThereIsRoomAgainLater() throws Exception {
        try (RawConnection one = connect();
                RawConnection two = connect()) {
            try (RawConnection three = connect();
                    RawConnection four = new RawConnection(server.address())) {
                HelloReply reply = four.hello(RawConnection.clientHello().build());
                assertThat(reply.getReason()).isEqualTo("all 3 connections for clients are taken");
                assertThat(four.isClosedByOtherSide()).isTrue();
                three.send(ClientGatewayTest.get(1, "name1"));
                assertThat(receive(three).getOutcome()).isEqualTo(Outcome.DONE);
            }
            Await.until("room for another", () -> isAccepted(server));
            one.send(ClientGatewayTest.get(1, "name1"));
            two.send(ClientGatewayTest.get(1, "name1"));
            assertThat(receive(one).getOutcome()).isEqualTo(Outcome.DONE);
            assertThat(receive(two).getOutcome()).isEqualTo(Outcome.DONE);
        }
    }

    @Test
    void aClientWithTooMuchUnderWayIsNotReadFromUntilThereIsRoom() throws Exception {
        int requests = 40;
        try (RawConnection client = connect()) {
            for (int id = 0; id < requests; id++) {
                client.send(ClientGatewayTest.set(id, "k", "v", 1));
            }
            Await.until(
                    "all places taken",
                    () -> onLoop(node::drainRing).size() == TICKETS_MAX || node.tickets.size() == TICKETS_MAX);
            assertThat(onLoop(node::drainRing)).as("held back, not refused").isEmpty();

            CompletableFuture<Set<Long>> answers = CompletableFuture.supplyAsync(() -> client.doneIds(requests));
            Await.until("all answers", () -> {
                onLoop(() -> {
                    node.drainRing();
                    while (!node.tickets.isEmpty()) {
                        node.reply(Reply.Outcome.DONE, 5, 0, null);
                    }
                    return null;
                });
                return answers.isDone();
            });
            assertThat(answers.get()).hasSize(requests);
        }
    }

    @Test
    void aClientThatDoesNotReadIsNotReadFromAndCostsBoundedMemory() throws Exception {
        int requests = 200;
        onLoop(() -> node.map.put("large", "x".repeat(VALUE_BYTES_MAX)));
        try (RawConnection client = connect()) {
            for (int id = 0; id < requests; id++) {
                client.send(ClientGatewayTest.get(id, "large"));
            }
            AtomicInteger before = new AtomicInteger(-1);
            AtomicInteger sameLooks = new AtomicInteger();
            Await.until("the node to stop answering", () -> {
                int answered = onLoop(node.received::size);
                boolean same = answered > 0 && before.getAndSet(answered) == answered;
                return sameLooks.updateAndGet(looks -> same ? looks + 1 : 0) == 50;
            });
            assertThat(before.get())
                    .as("answered into a socket that nobody reads")
                    .isLessThan(requests / 2);

            aGoodClientIsServed();
            assertThat(client.doneIds(requests)).hasSize(requests);
        }
    }

    @Test
    void aClientThatLeavesTooManyAnswersUnreadIsClosed() throws Exception {
        onLoop(() -> {
            node.lease.set(null);
            return null;
        });
        try (RawConnection client = connect()) {
            for (int id = 0; id < TICKETS_MAX; id++) {
                client.send(ClientGatewayTest.get(id, "large"));
            }
            Await.until("all places taken", () -> {
                onLoop(node::drainRing);
                return node.tickets.size() == TICKETS_MAX;
            });
            String large = "x".repeat(4 * VALUE_BYTES_MAX);
            onLoop(() -> {
                while (!node.tickets.isEmpty()) {
                    node.reply(Reply.Outcome.DONE, 5, 0, large);
                }
                node.lease();
                return null;
            });

            assertThatThrownBy(() -> client.doneIds(TICKETS_MAX)).hasRootCauseInstanceOf(IOException.class);
        }
        aGoodClientIsServed();
    }

    @Test
    void aKeyAboveTheLimitOfThisNodeIsRefused() throws Exception {
        try (RawConnection client = connect()) {
            client.send(ClientGatewayTest.get(1, "k".repeat(KEY_BYTES_MAX + 1)));
            client.send(ClientGatewayTest.set(2, "k".repeat(KEY_BYTES_MAX + 1), "v", 1));

            assertThat(receive(client).getReason()).isEqualTo("a key of 101 bytes; at most 100 are allowed");
            assertThat(receive(client).getReason()).isEqualTo("a key of 101 bytes; at most 100 are allowed");
        }
        aGoodClientIsServed();
    }

    @Test
    void howeverMuchAClientSendsOthersHaveTheirTurnsBetween() throws Exception {
        int requests = 3_000;
        CountDownLatch held = new CountDownLatch(1);
        AtomicInteger longest = new AtomicInteger();
        try (RawConnection client = connect()) {
            var unused = loop.submit(() -> held.await(10, TimeUnit.SECONDS));
            ByteArrayOutputStream burst = new ByteArrayOutputStream();
            for (int id = 0; id < requests; id++) {
                ClientRequest request = ClientGatewayTest.get(id, "name1");
                burst.write(ByteBuffer.allocate(4)
                        .putInt(request.getSerializedSize())
                        .array());
                request.writeTo(burst);
            }
            client.bytes(burst.toByteArray());
            // The first look waits behind what holds the loop up: nothing is read before it.
            loop.execute(() -> sample(0, requests, longest));
            held.countDown();
            assertThat(client.doneIds(requests)).hasSize(requests);
        }
        assertThat(longest).as("requests of one client in a row").hasValueLessThan(requests / 2);
    }

    /** Looks, once a round of the event loop, at how many requests came since the last look. */
    private void sample(int before, int last, AtomicInteger longest) {
        int seen = node.received.size();
        longest.set(Math.max(longest.get(), seen - before));
        if (seen < last) {
            var unused = loop.schedule(() -> sample(seen, last, longest), 1, TimeUnit.NANOSECONDS);
        }
    }

    @Test
    void fieldsThatNobodyKnowsAreForgotten() throws Exception {
        ClientRequest request = ClientGatewayTest.get(1, "name1").toBuilder()
                .setUnknownFields(
                        UnknownFieldSet.newBuilder().mergeVarintField(100, 1).build())
                .build();

        assertThat(ClientServer.REQUESTS.parseFrom(request.toByteString()))
                .isEqualTo(ClientGatewayTest.get(1, "name1"));
    }

    @Test
    void aPortThatIsTakenIsNamed() {
        HostPort taken = PeerNode.hostPort(server.address());
        ClientServer second =
                new ClientServer(network, SELF, node.gateway, ClientServerLimits.defaults(VALUE_BYTES_MAX));

        assertThatThrownBy(() -> second.open(taken))
                .isInstanceOf(BindException.class)
                .hasMessage("can't listen on " + taken + " for clients: the address is already in use");
    }

    private <T> T onLoop(Callable<T> task) {
        try {
            return loop.submit(task).get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private RawConnection connect() throws IOException {
        RawConnection client = new RawConnection(server.address());
        assertThat(client.hello(RawConnection.clientHello().build()).getReason())
                .isEmpty();
        return client;
    }

    private void aGoodClientIsServed() throws IOException {
        Await.until("room for a client", () -> isAccepted(server));
        try (RawConnection client = connect()) {
            client.send(ClientGatewayTest.get(9, "name1"));
            assertThat(receive(client).getValue().toStringUtf8()).isEqualTo("Sam");
        }
    }

    private static boolean isAccepted(ClientServer server) {
        try (RawConnection client = new RawConnection(server.address())) {
            return client.hello(RawConnection.clientHello().build()).getAccepted();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ClientReply receive(RawConnection client) throws IOException {
        return client.receive(ClientReply.parser());
    }

    private static void sendUntilClosed(RawConnection client, byte[] bytes) {
        try {
            client.bytes(bytes);
        } catch (IOException e) {
            assertThat(bytes.length).as("only a long text can be cut short").isGreaterThan(1000);
        }
    }

    private static Arguments refusal(UnaryOperator<Hello.Builder> spoil, String reason) {
        return Arguments.of(spoil, reason);
    }
}
