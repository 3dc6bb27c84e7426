package io.tenure.bench.ports;

import com.google.protobuf.ByteString;
import io.tenure.fuzz.FramedBytes;
import io.tenure.fuzz.Spoiler;
import io.tenure.protocol.Limits;
import io.tenure.protocol.ProtocolVersion;
import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.ClientRequest;
import io.tenure.protocol.proto.ConnectionRole;
import io.tenure.protocol.proto.GetRequest;
import io.tenure.protocol.proto.Hello;
import io.tenure.protocol.proto.HelloReply;
import io.tenure.protocol.proto.OpenSessionRequest;
import io.tenure.protocol.proto.Outcome;
import io.tenure.protocol.proto.ReadMode;
import io.tenure.protocol.proto.SetRequest;
import io.tenure.protocol.proto.StatusRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Requests, good, spoilt and made up, none of which is a good write. Each that can be read must be answered, once; one that
 * can't ends the connection.
 */
final class ClientPortAssault extends Assault {
    private static final int BURST_MAX = 48;
    private static final int BURSTS_MAX = 20;
    private static final int VALUE_BYTES_MAX = 2000;
    private static final int FRAME_BYTES_MAX = Limits.clientFrameBytesMax(Limits.VALUE_BYTES_MAX_DEFAULT);

    private long nextId = 1;

    ClientPortAssault(int port, AtomicLong framesLeft, long seed) {
        super(port, framesLeft, seed);
    }

    @Override
    byte[] strangersGreeting() {
        return greeting();
    }

    private static byte[] greeting() {
        return FramedBytes.of(Hello.newBuilder()
                .setProtocolVersion(ProtocolVersion.CURRENT)
                .setRole(ConnectionRole.CLIENT)
                .build());
    }

    @Override
    void visit(Line line) throws IOException {
        line.send(greeting());
        byte[] welcome = line.receive();
        if (welcome == null || !HelloReply.parseFrom(welcome).getAccepted()) {
            problem("a good client is not let in");
            return;
        }
        boolean open = true;
        for (int burst = 0; burst < BURSTS_MAX && open; burst++) {
            open = burst(line);
        }
    }

    /** Whether the connection is still of use. */
    private boolean burst(Line line) throws IOException {
        int count = 1 + choices.below(BURST_MAX);
        byte[][] frames = new byte[count][];
        for (int i = 0; i < count; i++) {
            frames[i] = frame();
        }
        byte[] stream = FramedBytes.join(frames);
        FramedBytes<ClientRequest> read = new FramedBytes<>(stream, ClientRequest.parser(), FRAME_BYTES_MAX);
        if (read.messages().stream().anyMatch(ClientPortAssault::mayChangeSomething)) {
            return true;
        }
        count(count);
        line.send(stream);
        if (read.isMalformed()) {
            line.drain();
            return false;
        }
        expect(line, read.messages());
        if (read.isCut()) {
            line.sendEnd();
            line.drain();
        }
        return !read.isCut();
    }

    private void expect(Line line, List<ClientRequest> requests) throws IOException {
        List<Long> asked =
                new ArrayList<>(requests.stream().map(ClientRequest::getId).toList());
        while (!asked.isEmpty()) {
            byte[] message = line.receive();
            if (message == null) {
                problem("the connection was closed with " + asked.size() + " of " + requests.size()
                        + " readable requests not answered");
                return;
            }
            ClientReply reply = ClientReply.parseFrom(message);
            if (!asked.remove((Long) reply.getId()) || reply.getOutcome() == Outcome.OUTCOME_UNSPECIFIED) {
                problem("an answer to nothing: " + reply);
            }
        }
    }

    private byte[] frame() {
        ClientRequest good = request();
        return switch (choices.below(16)) {
            case 0, 1, 2, 3 -> FramedBytes.of(good);
            case 4 -> framed(Spoiler.bytes(good.toByteArray(), choices));
            case 5 -> choices.onceIn(4) ? framed(choices.bytes(200)) : FramedBytes.of(good);
            case 6 -> choices.onceIn(16) ? Spoiler.bytes(FramedBytes.of(good), choices) : FramedBytes.of(good);
            case 7 -> framed(FramedBytes.join(good.toByteArray(), good.toByteArray()));
            default -> FramedBytes.of(Spoiler.spoil(good, choices));
        };
    }

    private ClientRequest request() {
        ClientRequest.Builder request = ClientRequest.newBuilder().setId(nextId++);
        ByteString key = ByteString.copyFromUtf8("k" + choices.below(8));
        switch (choices.below(5)) {
            case 0 -> request.setGet(GetRequest.newBuilder().setKey(key));
            case 1 -> request.setGet(GetRequest.newBuilder().setKey(key).setMode(ReadMode.QUORUM));
            case 2 -> request.setOpenSession(OpenSessionRequest.getDefaultInstance());
            case 3 -> request.setStatus(StatusRequest.getDefaultInstance());
            default ->
                request.setSet(SetRequest.newBuilder()
                        .setSession(choices.flip() ? 0 : choices.number())
                        .setBirthIndex(choices.number())
                        .setNumber(choices.flip() ? 0 : choices.number())
                        .setKey(choices.flip() ? key : ByteString.copyFrom(choices.bytes(40)))
                        .setValue(ByteString.copyFrom(choices.bytes(VALUE_BYTES_MAX))));
        }
        return request.build();
    }

    /** A good write would change the log, and a transfer the leader, as they should. */
    private static boolean mayChangeSomething(ClientRequest request) {
        SetRequest set = request.getSet();
        boolean isWrite = request.hasSet()
                && set.getSession() != 0
                && set.getNumber() > 0
                && set.getBirthIndex() >= 0
                && set.getKey().isValidUtf8()
                && set.getValue().isValidUtf8();
        return isWrite || request.hasTransfer();
    }
}
