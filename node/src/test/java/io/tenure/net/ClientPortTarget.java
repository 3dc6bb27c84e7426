package io.tenure.net;

import io.tenure.fuzz.Choices;
import io.tenure.fuzz.FramedBytes;
import io.tenure.handoff.Reply;
import io.tenure.protocol.Limits;
import io.tenure.protocol.Transport;
import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.ClientRequest;
import io.tenure.protocol.proto.HelloReply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bytes on a connection to node 1's client port: the first says whether a good handshake goes before them and whether the
 * node leads, the second where they are cut in two. Every request of a plain reading is answered once, in any order, and
 * nothing after a bad frame.
 */
public final class ClientPortTarget {
    private static final int VALUE_BYTES_MAX = 1024;
    private static final Reply.Outcome[] OUTCOMES = Reply.Outcome.values();

    private ClientPortTarget() {}

    /** Runs it. */
    public static void run(byte[] input) {
        Choices choices = Choices.of(input);
        int how = choices.below(4);
        boolean greets = how > 0;
        int cut = choices.below(256);
        byte[] said = choices.rest();
        GatewayFixture fixture = new GatewayFixture(new GatewayLimits(64, VALUE_BYTES_MAX, 6, 3, 8));
        if (how == 1) {
            fixture.lead(4);
        } else if (how == 2) {
            fixture.lead(4);
            fixture.lease();
        } else if (how == 3) {
            fixture.follow(4, 2);
        }
        ClientServer server = new ClientServer(
                new Network(null, Transport.NIO, () -> 1, Runnable::run),
                new NodeIdentity("test", 1, 101, 5, 9, false),
                fixture.gateway,
                ClientServerLimits.defaults(VALUE_BYTES_MAX));
        FramedBytes<ClientRequest> expected =
                new FramedBytes<>(said, ClientRequest.parser(), Limits.clientFrameBytesMax(VALUE_BYTES_MAX));
        try (WatchedChannel channel = new WatchedChannel(server::accept)) {
            byte[] hello = greets ? FramedBytes.of(RawConnection.clientHello().build()) : new byte[0];
            channel.say(FramedBytes.join(hello, said), cut);
            List<Long> answered = answers(channel, fixture, choices, greets);
            if (greets) {
                check(expected, channel, answered);
            }
        }
    }

    /** Has the core answer until there is nothing more to answer; the ids of the requests that were. */
    private static List<Long> answers(WatchedChannel channel, GatewayFixture fixture, Choices choices, boolean greets) {
        List<Long> answered = new ArrayList<>();
        boolean welcomed = false;
        boolean more = true;
        while (more) {
            fixture.drainRing();
            more = !fixture.tickets.isEmpty();
            while (!fixture.tickets.isEmpty()) {
                fixture.reply(OUTCOMES[choices.below(OUTCOMES.length)], 12, 77, "value");
            }
            channel.settle();
            for (byte[] frames : channel.sent()) {
                FramedBytes<?> read = welcomed || !greets
                        ? new FramedBytes<>(frames, ClientReply.parser(), 1 << 20)
                        : new FramedBytes<>(frames, HelloReply.parser(), 1 << 20);
                for (Object message : read.messages()) {
                    if (message instanceof ClientReply reply) {
                        WatchedChannel.requireReadable(reply.getReason());
                        answered.add(reply.getId());
                    }
                }
                welcomed = true;
            }
        }
        return answered;
    }

    private static void check(FramedBytes<ClientRequest> expected, WatchedChannel channel, List<Long> answered) {
        if (channel.isOpen() == expected.isMalformed()) {
            throw new AssertionError(
                    expected.isMalformed() ? "open after a malformed frame" : "closed for good frames");
        }
        List<Long> asked = new ArrayList<>(
                expected.messages().stream().map(ClientRequest::getId).toList());
        for (long id : answered) {
            if (!asked.remove((Long) id)) {
                throw new AssertionError("an answer to a request that was not made: " + id);
            }
        }
        // After a bad frame the connection is closed, whatever was under way.
        if (!expected.isMalformed() && !asked.isEmpty()) {
            throw new AssertionError("not answered: " + Arrays.toString(asked.toArray()));
        }
    }
}
