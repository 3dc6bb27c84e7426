package io.tenure.sim;

import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.Parser;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tenure.protocol.ConnectHandshake;
import io.tenure.protocol.FrameDecoder;
import io.tenure.protocol.FrameGroup;
import io.tenure.protocol.Frames;
import io.tenure.protocol.Limits;
import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.ClientRequest;
import io.tenure.protocol.proto.HelloReply;
import io.tenure.protocol.proto.PeerFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One end of a client's connection: what production writes and reads frames with, over bytes that the world carries. */
final class SimWire {
    private static final Parser<ClientRequest> REQUESTS = DiscardUnknownFieldsParser.wrap(ClientRequest.parser());
    private static final byte[] NOTHING = {};

    private final FrameDecoder decoder;
    private final EmbeddedChannel channel;
    private final FrameGroup frames;

    private SimWire(FrameDecoder decoder) {
        this.decoder = decoder;
        this.channel = new EmbeddedChannel(decoder);
        this.frames = new FrameGroup(channel);
    }

    /** The end of a client: it reads the answer to its hello, then answers to requests. */
    static SimWire ofClient() {
        return new SimWire(ConnectHandshake.newDecoder());
    }

    /** The end of a node, which reads requests. */
    static SimWire ofNode(int valueBytesMax) {
        SimWire wire = new SimWire(new FrameDecoder(REQUESTS, Limits.clientFrameBytesMax(valueBytesMax)));
        wire.decoder.readWrites();
        return wire;
    }

    /** A message of a peer as the bytes of its frame. */
    static byte[] bytesOf(PeerFrame message) {
        ByteBuf frame = Frames.encode(message, ByteBufAllocator.DEFAULT);
        try {
            return ByteBufUtil.getBytes(frame);
        } finally {
            frame.release();
        }
    }

    /** The message of a peer in a frame. */
    static PeerFrame peerFrame(byte[] frame) {
        return Frames.decode(Unpooled.wrappedBuffer(frame), PeerFrame.parser(), Limits.PEER_FRAME_BYTES_MAX);
    }

    /** Takes messages that are to be sent. */
    FrameGroup frames() {
        return frames;
    }

    /** Bytes of all frames that were added since the last call. */
    byte[] flush() {
        frames.flush();
        byte[] bytes = NOTHING;
        for (ByteBuf written = channel.readOutbound(); written != null; written = channel.readOutbound()) {
            byte[] more = ByteBufUtil.getBytes(written);
            written.release();
            bytes = bytes.length == 0 ? more : joined(bytes, more);
        }
        channel.checkException();
        return bytes;
    }

    /** The messages in bytes that arrived, in order; some come in two pieces, as TCP would have it. */
    List<Object> read(byte[] bytes) {
        int cut = bytes.length % 4 == 0 ? bytes.length / 3 : 0;
        if (cut > 0) {
            channel.writeInbound(Unpooled.wrappedBuffer(bytes, 0, cut));
        }
        channel.writeInbound(Unpooled.wrappedBuffer(bytes, cut, bytes.length - cut));
        List<Object> messages = new ArrayList<>();
        for (Object message = channel.readInbound(); message != null; message = channel.readInbound()) {
            messages.add(message);
            if (message instanceof HelloReply) {
                decoder.expect(ClientReply.parser(), Limits.clientFrameBytesMax(Limits.VALUE_BYTES_MAX_HIGHEST));
            }
        }
        return messages;
    }

    /** Drops what was added and not sent. */
    void close() {
        frames.close();
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
