package io.tenure.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.ClientRequest;
import io.tenure.protocol.proto.ConnectionRole;
import io.tenure.protocol.proto.Hello;
import io.tenure.protocol.proto.HelloReply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HandshakeTest {
    private static final Hello HELLO = Hello.newBuilder()
            .setProtocolVersion(ProtocolVersion.CURRENT)
            .setRole(ConnectionRole.CLIENT)
            .build();
    private static final HelloReply ACCEPTED = HelloReply.newBuilder()
            .setAccepted(true)
            .setProtocolVersion(ProtocolVersion.CURRENT)
            .build();

    private final List<Object> events = new ArrayList<>();

    /** Collects what the handshake tells the handlers behind it. */
    private final class Behind extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            events.add(event);
        }
    }

    @Test
    void theConnectingSideSpeaksFirstAndGoesOverToWhatFollows() {
        EmbeddedChannel channel = connecting(null);
        assertThat(channel.<Hello>readOutbound()).isEqualTo(HELLO);

        send(channel, ACCEPTED);
        ClientReply first = ClientReply.newBuilder().setId(1).build();
        send(channel, first);

        assertThat(events).containsExactly(new HandshakeEvent.Welcomed(ACCEPTED));
        assertThat(channel.<ClientReply>readInbound()).isEqualTo(first);
        assertThat(channel.isOpen()).isTrue();
        channel.finish();
    }

    @Test
    void aRefusalReachesTheConnectingSideWithItsReason() {
        EmbeddedChannel channel = connecting(null);

        send(channel, HelloReply.newBuilder().setReason("go away").build());

        assertThat(events).containsExactly(new HandshakeEvent.Refused("refused by the other side: go away"));
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void theConnectingSideMayObjectItself() {
        EmbeddedChannel channel = connecting("wrong cluster");

        send(channel, ACCEPTED);

        assertThat(events).containsExactly(new HandshakeEvent.Refused("wrong cluster"));
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void anotherVersionIsRefusedByTheConnectingSideToo() {
        EmbeddedChannel channel = connecting(null);

        send(channel, ACCEPTED.toBuilder().setProtocolVersion(9).build());

        assertThat(events)
                .containsExactly(new HandshakeEvent.Refused("the other side speaks protocol version 9, this one 3"));
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void theConnectingSideDoesNotWaitForEver() {
        EmbeddedChannel channel = connecting(null);

        channel.advanceTimeBy(Limits.HANDSHAKE_MILLIS_MAX, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();

        assertThat(events).containsExactly(new HandshakeEvent.Refused("no answer to the handshake in 5000 ms"));
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void theAcceptingSideAnswersAndGoesOverToWhatFollows() {
        EmbeddedChannel channel = accepting(ACCEPTED);
        ClientRequest first = ClientRequest.newBuilder().setId(1).build();

        send(channel, HELLO);
        send(channel, first);

        assertThat(channel.<HelloReply>readOutbound()).isEqualTo(ACCEPTED);
        assertThat(events).containsExactly(new HandshakeEvent.Accepted(HELLO));
        assertThat(channel.<ClientRequest>readInbound()).isEqualTo(first);
        channel.finish();
    }

    @Test
    void theAcceptingSideSaysWhyItRefusesAndCloses() {
        HelloReply refusal = HelloReply.newBuilder().setReason("unknown node").build();
        EmbeddedChannel channel = accepting(refusal);

        send(channel, HELLO);

        assertThat(channel.<HelloReply>readOutbound()).isEqualTo(refusal);
        assertThat(events).containsExactly(new HandshakeEvent.Refused("unknown node"));
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aLongReasonIsCutSoThatItFitsTheFrame() {
        EmbeddedChannel channel =
                accepting(HelloReply.newBuilder().setReason("x".repeat(10_000)).build());

        send(channel, HELLO);

        HelloReply sent = channel.readOutbound();
        assertThat(sent.getReason()).hasSize(Limits.REASON_CHARS_MAX);
        assertThat(sent.getSerializedSize()).isLessThan(Limits.HANDSHAKE_FRAME_BYTES_MAX);
    }

    @Test
    void whoSaysNothingIsClosed() {
        EmbeddedChannel channel = accepting(ACCEPTED);

        channel.advanceTimeBy(5_000, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();

        assertThat(events).containsExactly(new HandshakeEvent.Refused("no handshake in 5000 ms"));
        assertThat(channel.isOpen()).isFalse();
    }

    private EmbeddedChannel connecting(String objection) {
        FrameDecoder decoder = ConnectHandshake.newDecoder();
        return frozen(decoder, new ConnectHandshake(decoder, HELLO, ClientReply.parser(), 100, reply -> objection));
    }

    private EmbeddedChannel accepting(HelloReply reply) {
        FrameDecoder decoder = AcceptHandshake.newDecoder();
        return frozen(decoder, new AcceptHandshake(decoder, hello -> reply, ClientRequest.parser(), 100, 5_000));
    }

    private EmbeddedChannel frozen(FrameDecoder decoder, ChannelInboundHandlerAdapter handshake) {
        EmbeddedChannel channel = new EmbeddedChannel(decoder, handshake, new Behind());
        channel.freezeTime();
        return channel;
    }

    private static void send(EmbeddedChannel channel, MessageLite message) {
        channel.writeInbound(Frames.encode(message, channel.alloc()));
    }
}
