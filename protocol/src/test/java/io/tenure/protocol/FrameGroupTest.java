package io.tenure.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tenure.protocol.proto.ClientRequest;
import io.tenure.protocol.proto.GetRequest;
import org.junit.jupiter.api.Test;

class FrameGroupTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final FrameGroup group = new FrameGroup(channel);

    @Test
    void whatIsAddedLeavesInOnePieceWhenFlushed() {
        for (int id = 1; id <= 100; id++) {
            group.add(get(id, 10));
        }
        assertThat(channel.<Object>readOutbound()).isNull();

        group.flush();

        ByteBuf sent = channel.readOutbound();
        for (int id = 1; id <= 100; id++) {
            assertThat(Frames.decode(sent, ClientRequest.parser(), 1000)).isEqualTo(get(id, 10));
        }
        assertThat(sent.isReadable()).isFalse();
        sent.release();
        assertThat(channel.<Object>readOutbound()).isNull();
    }

    @Test
    void muchDoesNotPileUp() {
        for (int id = 1; id <= 100; id++) {
            group.add(get(id, 10_000));
        }
        group.flush();

        int bytes = 0;
        int pieces = 0;
        for (ByteBuf sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
            assertThat(sent.readableBytes()).isLessThan((64 << 10) + 10_100);
            bytes += sent.readableBytes();
            pieces++;
            sent.release();
        }
        assertThat(bytes).isEqualTo(100 * Frames.sizeBytes(get(1, 10_000)));
        assertThat(pieces).isBetween(10, 20);
    }

    @Test
    void anEmptyGroupSendsNothing() {
        group.flush();
        group.add(get(1, 1));
        group.flush();
        channel.<ByteBuf>readOutbound().release();
        group.flush();
        assertThat(channel.<Object>readOutbound()).isNull();
    }

    @Test
    void aClosedGroupHoldsNoBuffer() {
        group.add(get(1, 1));
        group.close();
        group.add(get(2, 1));
        group.flush();
        assertThat(channel.<Object>readOutbound()).isNull();
    }

    /** No memory for one client's answers is no reason to fail for all: the connection is told, and sends nothing more. */
    @Test
    void aFailureIsTheChannelsAlone() {
        channel.config().setAllocator(new NoMemory());
        group.add(get(1, 1));
        group.addWritten(2, 0, 1, 0, 5);
        group.flush();
        assertThat(channel.<Object>readOutbound()).isNull();
        assertThatThrownBy(channel::checkException).hasMessage("none left");
    }

    private static final class NoMemory extends AbstractByteBufAllocator {
        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            throw new IllegalStateException("none left");
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            throw new IllegalStateException("none left");
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }
    }

    private static ClientRequest get(long id, int keyBytes) {
        return ClientRequest.newBuilder()
                .setId(id)
                .setGet(GetRequest.newBuilder().setKey(ByteString.copyFrom(new byte[keyBytes])))
                .build();
    }
}
