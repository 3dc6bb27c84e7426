package io.tenure.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tenure.protocol.proto.ClientRequest;
import io.tenure.protocol.proto.GetRequest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static final int BYTES_MAX = 1000;

    @Test
    void whatIsEncodedIsDecoded() {
        ByteBuf frame = Frames.encode(get(7), UnpooledByteBufAllocator.DEFAULT);

        assertThat(frame.readableBytes()).isEqualTo(Frames.sizeBytes(get(7))).isEqualTo(frame.capacity());
        assertThat(Frames.decode(frame, ClientRequest.parser(), BYTES_MAX)).isEqualTo(get(7));
        assertThat(frame.isReadable()).isFalse();
        frame.release();
    }

    @Test
    void framesArriveInAnyPieces() {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(ClientRequest.parser(), BYTES_MAX));
        ByteBuf bytes = Unpooled.buffer();
        for (int id = 1; id <= 5; id++) {
            ByteBuf frame = Frames.encode(get(id), UnpooledByteBufAllocator.DEFAULT);
            bytes.writeBytes(frame);
            frame.release();
        }

        while (bytes.isReadable()) {
            channel.writeInbound(bytes.readBytes(1));
        }

        bytes.release();
        for (int id = 1; id <= 5; id++) {
            assertThat(channel.<ClientRequest>readInbound()).isEqualTo(get(id));
        }
        assertThat(channel.<Object>readInbound()).isNull();
        channel.finish();
    }

    @Test
    void aMessageWithoutBytesIsAFrameToo() {
        ByteBuf frame = Unpooled.buffer().writeInt(0);

        assertThat(Frames.decode(frame, ClientRequest.parser(), BYTES_MAX))
                .isEqualTo(ClientRequest.getDefaultInstance());
        frame.release();
    }

    @Test
    void theLengthIsCheckedBeforeItsBytesArrive() {
        ByteBuf tooLong = Unpooled.buffer().writeInt(BYTES_MAX + 1);

        assertThatThrownBy(() -> Frames.decode(tooLong, ClientRequest.parser(), BYTES_MAX))
                .isInstanceOf(FrameException.class)
                .hasMessage("a frame of 1001 bytes; at most 1000 are allowed");
        tooLong.release();
    }

    @Test
    void aLengthWithItsTopBitSetIsLargeNotNegative() {
        ByteBuf http = Unpooled.copiedBuffer("\u00ff\u00ff\u00ff\u00ff", StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> Frames.decode(http, ClientRequest.parser(), BYTES_MAX))
                .isInstanceOf(FrameException.class)
                .hasMessage("a frame of 4294967295 bytes; at most 1000 are allowed");
        http.release();
    }

    @Test
    void bytesThatAreNoMessageAreRefused() {
        ByteBuf garbage = Unpooled.buffer().writeInt(3).writeBytes(new byte[] {-1, -1, -1});

        assertThatThrownBy(() -> Frames.decode(garbage, ClientRequest.parser(), BYTES_MAX))
                .isInstanceOf(FrameException.class)
                .hasMessageStartingWith("a frame that is not the expected message: ");
        garbage.release();
    }

    @Test
    void afterABadFrameNothingIsDecoded() {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(ClientRequest.parser(), BYTES_MAX));
        ByteBuf good = Frames.encode(get(1), UnpooledByteBufAllocator.DEFAULT);

        assertThatThrownBy(() -> channel.writeInbound(Unpooled.buffer().writeInt(-1)))
                .isInstanceOf(FrameException.class);
        channel.writeInbound(good);

        assertThat(channel.<Object>readInbound()).isNull();
        channel.finish();
    }

    private static ClientRequest get(long id) {
        return ClientRequest.newBuilder()
                .setId(id)
                .setGet(GetRequest.newBuilder().setKey(ByteString.copyFromUtf8("name" + id)))
                .build();
    }
}
