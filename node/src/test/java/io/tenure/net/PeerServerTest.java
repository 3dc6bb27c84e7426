package io.tenure.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.tenure.protocol.Frames;
import io.tenure.protocol.Limits;
import io.tenure.protocol.ProtocolVersion;
import io.tenure.protocol.proto.ConnectionRole;
import io.tenure.protocol.proto.Hello;
import io.tenure.protocol.proto.HelloReply;
import io.tenure.protocol.proto.PeerFrame;
import io.tenure.protocol.proto.RequestVote;
import java.net.BindException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Node 1's peer port, and who comes to it. */
class PeerServerTest {
    private static final String WAY_OUT = "it has forgotten what it voted for, promised and acknowledged. Way out: stop"
            + " that node, run \"java -jar node.jar rejoin --conf FILE\" there, and start it again";

    private PeerNode node;

    @BeforeEach
    void open() throws Exception {
        node = PeerLinksTest.node(1, PeerLinksTest.members(), PeerNode.ANY_PORT);
    }

    @AfterEach
    void close() {
        node.close();
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal(h -> h.setProtocolVersion(1), "protocol version 1 is not spoken here; this node speaks 3"),
                refusal(
                        h -> h.setProtocolVersion(-1),
                        "protocol version 4294967295 is not spoken here; this node speaks 3"),
                refusal(
                        h -> h.setRole(ConnectionRole.CLIENT),
                        "this is the peer port of node 1; clients connect to its client port"),
                refusal(h -> h.clearRole(), "this is the peer port of node 1; clients connect to its client port"),
                refusal(h -> h.setClusterId("other"), "this node belongs to cluster \"test\", not to \"other\""),
                refusal(h -> h.clearClusterId(), "this node belongs to cluster \"test\", not to \"\""),
                refusal(h -> h.setNodeId(1), "node id 1 is this node's own"),
                refusal(h -> h.setNodeId(9), "node 9 is not a member; members are [0, 1, 2]"),
                refusal(h -> h.setTargetNodeId(0), "this is node 1, not node 0"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void whoIsWrongHereIsToldWhy(UnaryOperator<Hello.Builder> spoil, String reason) throws Exception {
        try (RawConnection connection = new RawConnection(node.server.address())) {
            HelloReply reply = connection.hello(spoil.apply(helloOfTwo()).build());

            assertThat(reply.getAccepted()).isFalse();
            assertThat(reply.getReason()).isEqualTo(reason);
            assertThat(reply.getNodeId()).isEqualTo(1);
            assertThat(connection.isClosedByOtherSide()).isTrue();
        }
        aGoodPeerIsHeard();
    }

    @Test
    void anotherDataFolderUnderTheSameIdIsRefused() throws Exception {
        aGoodPeerIsHeard();

        assertRefused(
                helloOfTwo().setIncarnation(0xbad),
                "node 2 came with another data folder than before (incarnation bad, before 66), so " + WAY_OUT);
    }

    @Test
    void anOlderCopyOfTheDataFolderIsRefused() throws Exception {
        try (RawConnection later = new RawConnection(node.server.address())) {
            assertThat(later.hello(helloOfTwo().setBootCount(7).build()).getAccepted())
                    .isTrue();
        }

        assertRefused(
                helloOfTwo().setBootCount(6),
                "node 2 came with boot count 6 after 7: its data folder is an old copy that was put back, so "
                        + WAY_OUT);
    }

    @Test
    void aPeerThatLostWhatItAcknowledgedIsPutOut() throws Exception {
        try (RawConnection peer = new RawConnection(node.server.address())) {
            assertThat(peer.hello(helloOfTwo().setBootId(3).build()).getAccepted())
                    .isTrue();
            node.links.shutOut(2);
            assertThat(peer.isClosedByOtherSide()).isTrue();
        }
        assertRefused(
                helloOfTwo().setBootCount(6).setBootId(4),
                "node 2 has lost what it had acknowledged, or its data folder is an old copy, so " + WAY_OUT);
        try (RawConnection rejoining = new RawConnection(node.server.address())) {
            Hello hello = helloOfTwo()
                    .setIncarnation(7)
                    .setBootCount(1)
                    .setRejoining(true)
                    .build();
            assertThat(rejoining.hello(hello).getAccepted()).isTrue();
        }
    }

    private void assertRefused(Hello.Builder hello, String reason) throws Exception {
        try (RawConnection connection = new RawConnection(node.server.address())) {
            assertThat(connection.hello(hello.build()).getReason()).isEqualTo(reason);
            assertThat(connection.isClosedByOtherSide()).isTrue();
        }
    }

    static Stream<byte[]> garbage() {
        return Stream.of(
                "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                new byte[] {-1, -1, -1, -1, 0},
                ByteBuffer.allocate(4)
                        .putInt(Limits.HANDSHAKE_FRAME_BYTES_MAX + 1)
                        .array(),
                new byte[] {0, 0, 0, 3, -1, -1, -1},
                new byte[] {0, 0, 0, 0},
                new byte[100_000]);
    }

    @ParameterizedTest
    @MethodSource("garbage")
    void garbageClosesItsConnectionOnly(byte[] bytes) throws Exception {
        try (RawConnection connection = new RawConnection(node.server.address())) {
            connection.bytes(bytes);

            assertThat(connection.isClosedByOtherSide()).isTrue();
        }
        aGoodPeerIsHeard();
        assertThat(node.received).isEmpty();
    }

    @Test
    void aMalformedMessageClosesTheConnectionAndNeverReachesTheCore() throws Exception {
        try (RawConnection connection = new RawConnection(node.server.address())) {
            assertThat(connection.hello(helloOfTwo().build()).getAccepted()).isTrue();
            connection.send(vote(7));
            assertThat(node.next().from()).isEqualTo(2);

            PeerFrame malformed = PeerFrame.newBuilder()
                    .setRequestVote(vote(8).getRequestVote().toBuilder().setCandidateId(0))
                    .build();
            ByteBuf together = Unpooled.buffer();
            for (PeerFrame frame : List.of(malformed, vote(9))) {
                ByteBuf bytes = Frames.encode(frame, UnpooledByteBufAllocator.DEFAULT);
                together.writeBytes(bytes);
                bytes.release();
            }
            connection.bytes(ByteBufUtil.getBytes(together));
            together.release();

            assertThat(connection.isClosedByOtherSide()).isTrue();
        }
        assertThat(node.received).isEmpty();
        aGoodPeerIsHeard();
    }

    @Test
    void aFrameAboveTheLimitClosesTheConnection() throws Exception {
        try (RawConnection connection = new RawConnection(node.server.address())) {
            assertThat(connection.hello(helloOfTwo().build()).getAccepted()).isTrue();

            connection.bytes(ByteBuffer.allocate(4)
                    .putInt(Limits.PEER_FRAME_BYTES_MAX + 1)
                    .array());

            assertThat(connection.isClosedByOtherSide()).isTrue();
        }
    }

    @Test
    void theNewestConnectionOfAPeerIsTheOne() throws Exception {
        try (RawConnection older = new RawConnection(node.server.address());
                RawConnection newer = new RawConnection(node.server.address())) {
            assertThat(older.hello(helloOfTwo().build()).getAccepted()).isTrue();
            assertThat(newer.hello(helloOfTwo().build()).getAccepted()).isTrue();

            assertThat(older.isClosedByOtherSide()).isTrue();
            newer.send(vote(7));
            assertThat(node.next().from()).isEqualTo(2);
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() {
        int port = node.server.address().getPort();

        assertThatThrownBy(
                        () -> PeerLinksTest.node(0, PeerLinksTest.members(), PeerNode.hostPort(node.server.address())))
                .isInstanceOf(BindException.class)
                .hasMessage("can't listen on 127.0.0.1:" + port + " for peers: the address is already in use");
    }

    private void aGoodPeerIsHeard() throws Exception {
        try (RawConnection good = new RawConnection(node.server.address())) {
            assertThat(good.hello(helloOfTwo().build()).getAccepted()).isTrue();
            good.send(vote(7));
            assertThat(node.next().from()).isEqualTo(2);
        }
    }

    private static Arguments refusal(UnaryOperator<Hello.Builder> spoil, String reason) {
        return Arguments.of(spoil, reason);
    }

    private static Hello.Builder helloOfTwo() {
        return Hello.newBuilder()
                .setProtocolVersion(ProtocolVersion.CURRENT)
                .setRole(ConnectionRole.PEER)
                .setClusterId("test")
                .setNodeId(2)
                .setIncarnation(102)
                .setBootCount(5)
                .setTargetNodeId(1);
    }

    private static PeerFrame vote(long term) {
        return PeerFrame.newBuilder()
                .setRequestVote(
                        RequestVote.newBuilder().setTerm(term).setCandidateId(2).setLastLogTerm(-1))
                .build();
    }
}
