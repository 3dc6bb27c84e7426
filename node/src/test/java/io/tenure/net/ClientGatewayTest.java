package io.tenure.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.ByteString;
import io.tenure.handoff.Reply;
import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.ClientRequest;
import io.tenure.protocol.proto.GetRequest;
import io.tenure.protocol.proto.Member;
import io.tenure.protocol.proto.OpenSessionRequest;
import io.tenure.protocol.proto.Outcome;
import io.tenure.protocol.proto.ReadMode;
import io.tenure.protocol.proto.SessionOpened;
import io.tenure.protocol.proto.SetRequest;
import io.tenure.protocol.proto.StatusRequest;
import io.tenure.protocol.proto.TransferRequest;
import io.tenure.raft.Input;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ClientGatewayTest {
    private static final int VALUE_BYTES_MAX = 100;

    private final GatewayFixture node = new GatewayFixture(new GatewayLimits(4096, VALUE_BYTES_MAX, 8, 4, 1000));
    private final GatewayFixture.FakeConnection connection = new GatewayFixture.FakeConnection();
    private final ClientGateway.Client client = node.gateway.connect(connection);

    @Test
    void aLeaseReadIsAnsweredOnTheSpot() {
        node.lead(4);
        node.lease();
        node.map.put("name1", "Sam");

        node.gateway.onRequest(client, get(1, "name1"));
        node.gateway.onRequest(client, get(2, "absent"));
        node.gateway.onReadComplete(client);

        assertThat(connection.sent)
                .containsExactly(
                        done(1).setIndex(10)
                                .setFound(true)
                                .setValue(ByteString.copyFromUtf8("Sam"))
                                .build(),
                        done(2).setIndex(10).build());
        assertThat(connection.flushes).isEqualTo(1);
        assertThat(node.drainRing()).isEmpty();
    }

    @Test
    void withoutALeaseAReadGoesToTheCore() {
        node.lead(4);
        node.map.put("name1", "Sam");

        node.gateway.onRequest(client, get(1, "name1"));

        assertThat(connection.sent).isEmpty();
        assertThat(node.coreBellRings).isEqualTo(1);
        assertThat(node.drainRing()).containsExactly("READ name1");

        node.reply(Reply.Outcome.DONE, 12, 0, "Sam");
        assertThat(connection.sent)
                .containsExactly(done(1).setIndex(12)
                        .setFound(true)
                        .setValue(ByteString.copyFromUtf8("Sam"))
                        .build());
    }

    @Test
    void aQuorumReadGoesToTheCoreThoughThereIsALease() {
        node.lead(4);
        node.lease();

        node.gateway.onRequest(
                client,
                ClientRequest.newBuilder()
                        .setId(1)
                        .setGet(GetRequest.newBuilder().setKey(utf8("k")).setMode(ReadMode.QUORUM))
                        .build());

        assertThat(node.drainRing()).containsExactly("READ k");
    }

    @Test
    void aWriteGoesToTheCoreAndItsAnswerComesBack() {
        node.lead(4);

        node.gateway.onRequest(client, set(7, "name1", "Sam", 5));
        assertThat(node.drainRing()).containsExactly("SET name1 Sam session 99 born 3 number 5");

        node.reply(Reply.Outcome.DONE, 12, 0, null);
        assertThat(connection.sent).containsExactly(done(7).setIndex(12).build());
        assertThat(connection.flushes).isEqualTo(1);
    }

    @Test
    void anEmptyKeyAndAnEmptyValueAreAllowed() {
        node.gateway.onRequest(client, set(7, "", "", 5));

        assertThat(node.drainRing()).containsExactly("SET   session 99 born 3 number 5");
    }

    @Test
    void aSessionIsOpened() {
        node.lead(4);

        node.gateway.onRequest(
                client,
                ClientRequest.newBuilder()
                        .setId(3)
                        .setOpenSession(OpenSessionRequest.getDefaultInstance())
                        .build());
        assertThat(node.drainRing()).containsExactly("OPEN");

        node.reply(Reply.Outcome.DONE, 8, -5, null);
        assertThat(connection.sent)
                .containsExactly(done(3).setSession(SessionOpened.newBuilder()
                                .setSession(-5)
                                .setBirthIndex(8)
                                .setWindow(1000))
                        .build());
    }

    @Test
    void statusIsToldByAnyNode() {
        node.follow(6, 2);
        node.gateway.onRequest(client, status(1));
        node.lead(7);
        node.gateway.onRequest(client, status(2));

        ClientReply follower = connection.sent.get(0);
        assertThat(follower.getStatus().getRole()).isEqualTo("FOLLOWER");
        assertThat(follower.getStatus().getTerm()).isEqualTo(6);
        assertThat(follower.getStatus().getLeaderId()).isEqualTo(2);
        assertThat(follower.getStatus().getLeaseLeftMillis()).isEqualTo(-1);
        ClientReply leader = connection.sent.get(1);
        assertThat(leader.getStatus().getRole()).isEqualTo("LEADER");
        assertThat(leader.getStatus().getClusterId()).isEqualTo("test");
        assertThat(leader.getStatus().getLeaseLeftMillis()).isEqualTo(350);
        assertThat(leader.getStatus().getLastIndex()).isEqualTo(20);
        assertThat(leader.getStatus().getCommitIndex()).isEqualTo(15);
        assertThat(leader.getStatus().getAppliedIndex()).isEqualTo(10);
        assertThat(leader.getStatus().getMembersList())
                .extracting(Member::getNodeId, Member::getClientAddress)
                .containsExactly(tuple(0, "node0:7200"), tuple(1, "node1:7201"), tuple(2, "node2:7202"));
    }

    @Test
    void statusIsToldBeforeTheCoreHasToldAnything() {
        node.gateway.onRequest(client, status(1));

        assertThat(connection.sent.get(0).getStatus().getRole()).isEqualTo("FOLLOWER");
        assertThat(connection.sent.get(0).getStatus().getTerm()).isEqualTo(-1);
        assertThat(connection.sent.get(0).getLeaderId()).isEqualTo(-1);
    }

    @Test
    void aRefusalNamesTheLeader() {
        node.follow(6, 2);
        node.gateway.onRequest(client, set(1, "k", "v", 1));
        node.drainRing();

        node.replies.offer(new Reply(node.lastTicket, Reply.Outcome.NOT_LEADER, 6, 2, 0, 0, null));
        node.gateway.doWork();

        assertThat(connection.sent)
                .containsExactly(ClientReply.newBuilder()
                        .setId(1)
                        .setOutcome(Outcome.NOT_LEADER)
                        .setReason("node 1 does not lead")
                        .setNodeId(1)
                        .setTerm(6)
                        .setLeaderId(2)
                        .setLeaderAddress("node2:7202")
                        .build());
    }

    @ParameterizedTest
    @EnumSource(
            value = Reply.Outcome.class,
            mode = EnumSource.Mode.MATCH_NONE,
            names = "(TARGET|TRANSFER)_.*|LEADER_SILENT|BEHIND")
    void eachOutcomeOfTheCoreHasItsNameOnTheWire(Reply.Outcome outcome) {
        node.gateway.onRequest(client, set(1, "k", "v", 1));
        node.drainRing();

        node.reply(outcome, 5, 0, null);

        assertThat(connection.sent.get(0).getOutcome().name()).isEqualTo(outcome.name());
        assertThat(connection.sent.get(0).getReason().isEmpty()).isEqualTo(outcome == Reply.Outcome.DONE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Reply.Outcome.class,
            names = {"LEADER_SILENT", "BEHIND"})
    void whyTheDataMayBeTooOldIsTold(Reply.Outcome outcome) {
        node.gateway.onRequest(client, get(1, "k"));
        node.drainRing();

        node.reply(outcome, 5, 0, null);

        assertThat(connection.sent.get(0).getOutcome()).isEqualTo(Outcome.NOT_CURRENT);
        assertThat(connection.sent.get(0).getReason()).startsWith("node 1 ");
    }

    @ParameterizedTest
    @EnumSource(value = Reply.Outcome.class, mode = EnumSource.Mode.MATCH_ANY, names = "(TARGET|TRANSFER)_.*")
    void whyLeadershipDoesNotMoveIsTold(Reply.Outcome outcome) {
        node.gateway.onRequest(client, transfer(1, 2));
        assertThat(node.transfers).hasSize(1);
        assertThat(node.transfers.get(0).target()).isEqualTo(2);

        node.reply(outcome, 5, 0, null);

        boolean never = outcome == Reply.Outcome.TARGET_UNKNOWN;
        assertThat(connection.sent.get(0).getOutcome()).isEqualTo(never ? Outcome.INVALID : Outcome.NOT_TRANSFERRED);
        assertThat(connection.sent.get(0).getReason()).isNotEmpty();
    }

    @Test
    void whoeverLeadsAfterATransferIsTold() {
        node.gateway.onRequest(
                client,
                ClientRequest.newBuilder()
                        .setId(1)
                        .setTransfer(TransferRequest.getDefaultInstance())
                        .build());
        assertThat(node.transfers.get(0).target()).isEqualTo(Input.Transfer.ANY);

        node.reply(Reply.Outcome.DONE, 5, 0, null);

        assertThat(connection.sent.get(0).getOutcome()).isEqualTo(Outcome.DONE);
        assertThat(connection.sent.get(0).getLeaderId()).isEqualTo(1);
        assertThat(connection.sent.get(0).getLeaderAddress()).isEqualTo("node1:7201");
    }

    private static ClientRequest transfer(long id, int target) {
        return ClientRequest.newBuilder()
                .setId(id)
                .setTransfer(TransferRequest.newBuilder().setTarget(target))
                .build();
    }

    @ParameterizedTest
    @MethodSource
    void whatIsWrongIsToldWithTheLimit(ClientRequest request, String reason) {
        node.lead(4);
        node.lease();

        node.gateway.onRequest(client, request);
        node.gateway.onRequest(client, get(100, "still works"));

        assertThat(connection.sent).hasSize(2);
        assertThat(connection.sent.get(0).getOutcome()).isEqualTo(Outcome.INVALID);
        assertThat(connection.sent.get(0).getReason()).isEqualTo(reason);
        assertThat(connection.sent.get(1).getOutcome()).isEqualTo(Outcome.DONE);
        assertThat(node.drainRing()).isEmpty();
        assertThat(node.received).as("no statement of an invalid request").containsExactly("GET still works");
    }

    static Stream<Arguments> whatIsWrongIsToldWithTheLimit() {
        ByteString notUtf8 = ByteString.copyFrom(new byte[] {'a', (byte) 0xff});
        ByteString loneSurrogate = ByteString.copyFrom(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80});
        return Stream.of(
                Arguments.of(
                        ClientRequest.newBuilder().setId(1).build(),
                        "a request needs an operation: set, get, open_session, transfer or status"),
                Arguments.of(get(1, "k".repeat(4097)), "a key of 4097 bytes; at most 4096 are allowed"),
                Arguments.of(set(1, "k".repeat(5000), "v", 1), "a key of 5000 bytes; at most 4096 are allowed"),
                Arguments.of(set(1, "ü".repeat(2049), "v", 1), "a key of 4098 bytes; at most 4096 are allowed"),
                Arguments.of(set(1, "k", "v".repeat(101), 1), "a value of 101 bytes; at most 100 are allowed"),
                Arguments.of(spoiled(s -> s.setKey(notUtf8)), "the key is not valid UTF-8"),
                Arguments.of(spoiled(s -> s.setKey(loneSurrogate)), "the key is not valid UTF-8"),
                Arguments.of(spoiled(s -> s.setValue(notUtf8)), "the value is not valid UTF-8"),
                Arguments.of(spoiled(s -> s.setSession(0)), "a write needs a session; open one first"),
                Arguments.of(spoiled(s -> s.setNumber(0)), "number 0 is not in 1..9223372036854775807"),
                Arguments.of(
                        spoiled(s -> s.setNumber(-1)), "number 18446744073709551615 is not in 1..9223372036854775807"),
                Arguments.of(spoiled(s -> s.setBirthIndex(-2)), "birth_index -2 is negative"),
                Arguments.of(
                        ClientRequest.newBuilder()
                                .setId(1)
                                .setGet(GetRequest.newBuilder().setKey(notUtf8))
                                .build(),
                        "the key is not valid UTF-8"),
                Arguments.of(
                        ClientRequest.newBuilder()
                                .setId(1)
                                .setGet(GetRequest.newBuilder().setModeValue(7))
                                .build(),
                        "read mode 7 is not known;"
                                + " LEASE is 0, QUORUM is 1, FOLLOWER is 2, SESSION is 3, BOUNDED is 4"));
    }

    @Test
    void aLeaderTellsWhatItReceivesAndAFollowerDoesNot() {
        node.follow(3, 0);
        node.gateway.onRequest(client, get(1, "a"));
        node.gateway.onRequest(client, set(2, "a", "b", 1));
        assertThat(node.received).isEmpty();

        node.lead(4);
        node.gateway.onRequest(client, get(3, "x"));
        node.gateway.onRequest(client, set(4, "x", "6", 2));
        assertThat(node.received).isEqualTo(List.of("GET x", "SET x 6"));
    }

    private ClientReply.Builder done(long id) {
        return ClientReply.newBuilder()
                .setId(id)
                .setOutcome(Outcome.DONE)
                .setNodeId(1)
                .setTerm(4)
                .setLeaderId(1);
    }

    static ClientRequest get(long id, String key) {
        return ClientRequest.newBuilder()
                .setId(id)
                .setGet(GetRequest.newBuilder().setKey(utf8(key)))
                .build();
    }

    static ClientRequest set(long id, String key, String value, long number) {
        return ClientRequest.newBuilder()
                .setId(id)
                .setSet(SetRequest.newBuilder()
                        .setSession(99)
                        .setBirthIndex(3)
                        .setNumber(number)
                        .setKey(utf8(key))
                        .setValue(utf8(value)))
                .build();
    }

    static ClientRequest status(long id) {
        return ClientRequest.newBuilder()
                .setId(id)
                .setStatus(StatusRequest.getDefaultInstance())
                .build();
    }

    private static ClientRequest spoiled(UnaryOperator<SetRequest.Builder> spoil) {
        ClientRequest good = set(1, "k", "v", 1);
        return good.toBuilder().setSet(spoil.apply(good.getSet().toBuilder())).build();
    }

    static ByteString utf8(String text) {
        return ByteString.copyFromUtf8(text);
    }
}
