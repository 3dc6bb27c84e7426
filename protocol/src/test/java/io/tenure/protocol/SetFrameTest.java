package io.tenure.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.ClientRequest;
import io.tenure.protocol.proto.GetRequest;
import io.tenure.protocol.proto.Outcome;
import io.tenure.protocol.proto.SetRequest;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is read and written by hand is what the messages of {@code client.proto} are. */
class SetFrameTest {
    private final Random random = new Random(1);

    @Test
    void aPlainWriteIsReadAsTheMessageWouldBe() {
        for (int i = 0; i < 20_000; i++) {
            ClientRequest request = request(text(random.nextInt(40)), text(random.nextInt(300)));
            byte[] bytes = request.toByteArray();
            SetFrame read = SetFrame.read(bytes, bytes.length);
            assertThat(read).isNotNull();
            assertThat(again(read)).isEqualTo(request);
        }
    }

    @Test
    void everythingElseIsLeftToTheMessages() throws Exception {
        ClientRequest write = request("key", "value");
        byte[] good = write.toByteArray();
        assertThat(read(ClientRequest.newBuilder()
                        .setId(1)
                        .setGet(GetRequest.newBuilder())
                        .build()))
                .isNull();
        assertThat(read(request("kéy", "value"))).isNull();
        assertThat(read(request("key", "välue"))).isNull();
        assertThat(SetFrame.read(new byte[0], 0)).isNull();
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = good.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
            SetFrame read = SetFrame.read(bytes, length);
            if (read != null) {
                assertThat(again(read)).isEqualTo(ClientRequest.parseFrom(ByteString.copyFrom(bytes, 0, length)));
            }
        }
    }

    @Test
    void theAnswerToAWriteIsTheMessageByteForByte() {
        for (int i = 0; i < 20_000; i++) {
            ClientReply reply = ClientReply.newBuilder()
                    .setId(number())
                    .setOutcome(Outcome.DONE)
                    .setNodeId(random.nextInt(5))
                    .setTerm(number() - 1)
                    .setLeaderId(random.nextInt(5) - 1)
                    .setIndex(number())
                    .build();
            ByteBuf written = Unpooled.buffer();
            WrittenFrame.append(
                    written, reply.getId(), reply.getNodeId(), reply.getTerm(), reply.getLeaderId(), reply.getIndex());
            ByteBuf expected = Frames.encode(reply, Unpooled.buffer().alloc());
            assertThat(written).isEqualTo(expected);
            expected.release();
        }
    }

    private static SetFrame read(ClientRequest request) {
        byte[] bytes = request.toByteArray();
        return SetFrame.read(bytes, bytes.length);
    }

    private static ClientRequest again(SetFrame read) {
        ByteString bytes = ByteString.copyFrom(read.bytes());
        assertThat(read.keyLength() + read.valueLength()).isEqualTo(bytes.size());
        return ClientRequest.newBuilder()
                .setId(read.id())
                .setSet(SetRequest.newBuilder()
                        .setSession(read.session())
                        .setBirthIndex(read.birthIndex())
                        .setNumber(read.number())
                        .setKey(bytes.substring(0, read.keyLength()))
                        .setValue(bytes.substring(read.keyLength())))
                .build();
    }

    private ClientRequest request(String key, String value) {
        return ClientRequest.newBuilder()
                .setId(number())
                .setSet(SetRequest.newBuilder()
                        .setSession(random.nextBoolean() ? random.nextLong() : 0)
                        .setBirthIndex(number())
                        .setNumber(number())
                        .setKey(ByteString.copyFromUtf8(key))
                        .setValue(ByteString.copyFromUtf8(value)))
                .build();
    }

    /** Of any length, often 0. */
    private long number() {
        return random.nextInt(4) == 0 ? 0 : random.nextLong() >>> random.nextInt(64);
    }

    private String text(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) random.nextInt(128));
        }
        return text.toString();
    }
}
