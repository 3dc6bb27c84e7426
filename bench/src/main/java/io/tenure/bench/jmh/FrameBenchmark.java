package io.tenure.bench.jmh;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tenure.net.MalformedFrameException;
import io.tenure.net.PeerCodec;
import io.tenure.protocol.Frames;
import io.tenure.protocol.Limits;
import io.tenure.protocol.proto.ClientRequest;
import io.tenure.protocol.proto.PeerFrame;
import io.tenure.protocol.proto.SetRequest;
import io.tenure.raft.EntryId;
import io.tenure.raft.Message;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Messages to frames, in buffers outside the heap as a socket takes them, and back, with all checks; no socket. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FrameBenchmark extends Forked {
    private static final int LEADER = 0;
    private static final int BATCH = 64;
    private static final int CLIENT_BYTES_MAX = Limits.clientFrameBytesMax(Limits.VALUE_BYTES_MAX_DEFAULT);

    /** Bytes of a value. */
    @Param("100")
    public int valueBytes;

    private final PeerCodec codec = new PeerCodec(LEADER);
    private final ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;
    private ByteString key;
    private ByteString value;
    private Message append;
    private ByteBuf setFrame;
    private ByteBuf appendFrame;

    /** Makes one frame of each. */
    @Setup
    public void setUp() {
        key = ByteString.copyFromUtf8(Writes.key(1));
        value = ByteString.copyFromUtf8(Writes.value(valueBytes));
        append = new Message.AppendEntry(
                Writes.TERM, new EntryId(1_000, Writes.TERM), Writes.batch(BATCH, valueBytes, 1), 1_000, 1_000, 1, 1);
        setFrame = encodedSet();
        appendFrame = encodedAppend();
    }

    /** Releases the frames. */
    @TearDown
    public void tearDown() {
        setFrame.release();
        appendFrame.release();
    }

    /** A SET, as the SDK sends it, from its key and value. */
    @Benchmark
    public boolean encodeSet() {
        return encodedSet().release();
    }

    /** A SET, as a node reads it. */
    @Benchmark
    public ClientRequest decodeSet() {
        return Frames.decode(setFrame.readerIndex(0), ClientRequest.parser(), CLIENT_BYTES_MAX);
    }

    /** An AppendEntry of 64 entries, from the core's message. */
    @Benchmark
    public boolean encodeAppendEntry() {
        return encodedAppend().release();
    }

    /** An AppendEntry of 64 entries, to a message that the core may have. */
    @Benchmark
    public Message decodeAppendEntry() throws MalformedFrameException {
        return codec.decode(
                LEADER, Frames.decode(appendFrame.readerIndex(0), PeerFrame.parser(), Limits.PEER_FRAME_BYTES_MAX));
    }

    private ByteBuf encodedSet() {
        ClientRequest request = ClientRequest.newBuilder()
                .setId(1)
                .setSet(SetRequest.newBuilder()
                        .setSession(Writes.SESSION)
                        .setBirthIndex(1)
                        .setNumber(1)
                        .setKey(key)
                        .setValue(value))
                .build();
        return Frames.encode(request, allocator);
    }

    private ByteBuf encodedAppend() {
        return Frames.encode(codec.encode(append), allocator);
    }
}
