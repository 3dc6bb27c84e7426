package io.tenure.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.handoff.Reply;
import io.tenure.handoff.Stage;
import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.Outcome;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the gateway does when there is too much: DESIGN.md, D8. */
class GatewayRoomTest {
    private static final int TICKETS_MAX = 8;
    private static final int TICKETS_PER_CLIENT_MAX = 4;

    private final GatewayFixture node =
            new GatewayFixture(new GatewayLimits(4096, 4096, TICKETS_MAX, TICKETS_PER_CLIENT_MAX, 1000));
    private final GatewayFixture.FakeConnection one = new GatewayFixture.FakeConnection();
    private final GatewayFixture.FakeConnection two = new GatewayFixture.FakeConnection();
    private final GatewayFixture.FakeConnection three = new GatewayFixture.FakeConnection();
    private final ClientGateway.Client clientOne = node.gateway.connect(one);
    private final ClientGateway.Client clientTwo = node.gateway.connect(two);
    private final ClientGateway.Client clientThree = node.gateway.connect(three);

    @Test
    void aClientWithManyRequestsUnderWayIsNotReadFromButNotRefused() {
        write(clientOne, TICKETS_PER_CLIENT_MAX - 1);
        assertThat(one.isPaused).isFalse();

        write(clientOne, 1);
        assertThat(one.isPaused).isTrue();
        assertThat(one.sent).isEmpty();

        node.drainRing();
        answer(1);
        assertThat(one.isPaused).as("still more than half under way").isTrue();
        answer(1);
        assertThat(one.isPaused).isFalse();
    }

    @Test
    void withoutAPlaceARequestIsAnsweredBusyAndItsClientIsNotReadFrom() {
        write(clientOne, TICKETS_PER_CLIENT_MAX);
        write(clientTwo, TICKETS_PER_CLIENT_MAX);

        write(clientThree, 1);

        assertThat(three.sent).extracting(ClientReply::getOutcome).containsExactly(Outcome.BUSY);
        assertThat(three.sent.get(0).getReason()).isEqualTo("all 8 places for requests are taken");
        assertThat(three.flushes).isEqualTo(1);
        assertThat(three.isPaused).isTrue();
        assertThat(node.drainRing()).hasSize(TICKETS_MAX);

        answer(1);
        assertThat(three.isPaused).as("there is a place again").isFalse();
        write(clientThree, 1);
        assertThat(node.drainRing()).hasSize(1);
    }

    @Test
    void aFullRingIsBusyAndGivesTheTicketBack() {
        fillRing();

        node.gateway.onRequest(clientOne, ClientGatewayTest.set(7, "k", "v".repeat(4000), 1));

        assertThat(one.sent).extracting(ClientReply::getOutcome).containsExactly(Outcome.BUSY);
        assertThat(one.sent.get(0).getReason()).isEqualTo("the queue of requests is full");
        assertThat(one.isPaused).isTrue();

        node.drainRing();
        for (int i = 0; i < TICKETS_MAX; i++) {
            node.gateway.onRequest(clientTwo, ClientGatewayTest.get(i, "k"));
        }
        assertThat(two.sent).as("no place was lost").isEmpty();
    }

    /** Else answers on their way could outnumber the places of the ring that carries them. */
    @Test
    void whatAClientThatIsGoneAskedKeepsItsPlaceUntilItIsAnswered() {
        write(clientOne, TICKETS_PER_CLIENT_MAX);
        write(clientTwo, TICKETS_PER_CLIENT_MAX);
        write(clientThree, 1);
        node.gateway.disconnect(clientOne);
        node.gateway.disconnect(clientTwo);

        assertThat(three.isPaused).isTrue();
        node.drainRing();
        answer(TICKETS_MAX);

        assertThat(three.isPaused).as("nothing is under way any more").isFalse();
        assertThat(one.sent).isEmpty();
        assertThat(two.sent).isEmpty();
        write(clientThree, 1);
        assertThat(node.drainRing()).hasSize(1);
    }

    @Test
    void whatAClientAsksAfterItIsGoneIsNotHeard() {
        node.gateway.disconnect(clientOne);
        node.gateway.disconnect(clientOne);

        write(clientOne, 1);
        node.gateway.onReadComplete(clientOne);

        assertThat(node.drainRing()).isEmpty();
        assertThat(one.flushes).isZero();
    }

    @Test
    void anAnswerGivenTwiceIsSentOnce() {
        write(clientOne, 1);
        node.drainRing();
        long ticket = node.lastTicket;

        for (int i = 0; i < 2; i++) {
            node.replies.offer(new Reply(ticket, Reply.Outcome.DONE, 4, 1, 5, 0, null));
        }
        node.gateway.doWork();

        assertThat(one.sent).hasSize(1);
    }

    @Test
    void ticketsAreNeverUsedTwice() {
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            write(clientOne, 1);
            node.drainRing();
            assertThat(seen.add(node.lastTicket)).isTrue();
            answer(1);
        }
    }

    @Test
    void aTurnFlushesEachClientOnceAndOnlyThoseAnswered() {
        write(clientOne, 3);
        write(clientTwo, 2);
        node.drainRing();
        while (!node.tickets.isEmpty()) {
            node.replies.offer(new Reply(node.tickets.remove(), Reply.Outcome.DONE, 4, 1, 5, 0, null));
        }

        assertThat(node.gateway.doWork()).as("nothing is left for another turn").isZero();

        assertThat(one.flushes).isEqualTo(1);
        assertThat(two.flushes).isEqualTo(1);
        assertThat(three.flushes).isZero();
        assertThat(node.gateway.wakeAtNanos()).isEqualTo(Stage.NEVER);
    }

    private void write(ClientGateway.Client client, int count) {
        for (int i = 0; i < count; i++) {
            node.gateway.onRequest(client, ClientGatewayTest.set(i, "k", "v", 1));
        }
    }

    private void answer(int count) {
        for (int i = 0; i < count; i++) {
            node.reply(Reply.Outcome.DONE, 5, 0, null);
        }
    }

    private void fillRing() {
        while (node.ring.offerRead(-1, "k".repeat(4000))) {
            // Until there is no room.
        }
    }
}
