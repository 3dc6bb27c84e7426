package io.tenure.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.fuzz.FramedBytes;
import io.tenure.handoff.Reply;
import io.tenure.protocol.Limits;
import io.tenure.protocol.Transport;
import io.tenure.protocol.proto.ClientReply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientServerResumeTest {
    /** So that no later answer takes along what waits. */
    private static final int TICKETS_MAX = 1;

    private final GatewayFixture node = new GatewayFixture(new GatewayLimits(64, 1024, 6, TICKETS_MAX, 8));
    private final ClientServer server = new ClientServer(
            new Network(null, Transport.NIO, () -> 1, Runnable::run),
            new NodeIdentity("test", 1, 101, 5, 9, false),
            node.gateway,
            ClientServerLimits.defaults(1024));

    /** What is held back in the connection while a client is not read from is answered, and sent, without another word of it. */
    @Test
    void requestsThatWereHeldBackAreAnsweredWhenReadingGoesOn() {
        node.lead(4);
        node.lease();
        node.map.put("name1", "Sam");
        List<byte[]> said = new ArrayList<>();
        said.add(FramedBytes.of(RawConnection.clientHello().build()));
        for (int id = 1; id <= TICKETS_MAX; id++) {
            said.add(FramedBytes.of(ClientGatewayTest.set(id, "k", "v", id)));
        }
        for (int id = TICKETS_MAX + 1; id <= TICKETS_MAX + 5; id++) {
            said.add(FramedBytes.of(ClientGatewayTest.get(id, "name1")));
        }
        try (WatchedChannel channel = new WatchedChannel(server::accept)) {
            byte[] bytes = FramedBytes.join(said.toArray(byte[][]::new));
            channel.say(bytes, bytes.length);
            assertThat(channel.sent()).as("the answer to the handshake").hasSize(1);

            node.drainRing();
            while (!node.tickets.isEmpty()) {
                node.reply(Reply.Outcome.DONE, 5, 0, null);
            }
            channel.settle();

            List<Long> answered = new ArrayList<>();
            for (byte[] frames : channel.sent()) {
                new FramedBytes<>(frames, ClientReply.parser(), Limits.clientFrameBytesMax(1024))
                        .messages()
                        .forEach(reply -> answered.add(reply.getId()));
            }
            assertThat(answered).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        }
    }
}
