package io.tenure.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tenure.protocol.FrameDecoder;
import io.tenure.protocol.Frames;
import io.tenure.protocol.Limits;
import io.tenure.protocol.proto.PeerFrame;
import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import io.tenure.raft.Message;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries of a frame that is not read through the array of the thread: they lie in the frame, after what precedes them. */
class LargeBatchTest {
    private final EmbeddedChannel channel =
            new EmbeddedChannel(new FrameDecoder(PeerFrame.parser(), Limits.PEER_FRAME_BYTES_MAX));

    @ParameterizedTest
    @ValueSource(ints = {1 << 20, 1460, 1})
    void entriesLieInTheFrameAtTheirOffset(int pieceBytes) throws Exception {
        List<Entry> entries = Batches.random(new Random(pieceBytes), 3000);
        List<Entry> next = Batches.random(new Random(-pieceBytes), 400);

        ByteBuf sent = UnpooledByteBufAllocator.DEFAULT.heapBuffer();
        append(sent, entries);
        int firstBytes = sent.readableBytes();
        append(sent, next);
        assertThat(sent.readableBytes() - firstBytes).isGreaterThan(2 * (16 << 10));
        while (sent.isReadable()) {
            channel.writeInbound(sent.readRetainedSlice(Math.min(pieceBytes, sent.readableBytes())));
        }
        sent.release();
        List<Entry> first = received();
        List<Entry> second = received();

        // Only now: what came second must not have written over what came first.
        assertThat(first)
                .usingRecursiveFieldByFieldElementComparator(Batches.CONTENT)
                .isEqualTo(entries);
        assertThat(second)
                .usingRecursiveFieldByFieldElementComparator(Batches.CONTENT)
                .isEqualTo(next);
        assertThat(first.stream().map(Entry::bytes).distinct()).hasSize(1);
        assertThat(first.get(0).offset()).isPositive();
        assertThat(first.get(0).bytes()).hasSize(firstBytes - Frames.HEADER_BYTES);
    }

    private static void append(ByteBuf buffer, List<Entry> entries) {
        long term = entries.get(entries.size() - 1).term();
        PeerFrame frame =
                new PeerCodec(3).encode(new Message.AppendEntry(term, new EntryId(5, 0), entries, 5, 350, 0, 1));
        ByteBuf encoded = Frames.encode(frame, UnpooledByteBufAllocator.DEFAULT);
        buffer.writeBytes(encoded);
        encoded.release();
    }

    private List<Entry> received() throws MalformedFrameException {
        PeerFrame frame = channel.readInbound();
        return ((Message.AppendEntry) new PeerCodec(1).decode(3, frame)).entries();
    }
}
