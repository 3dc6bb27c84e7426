package io.tenure.fuzz;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A second, plain reading of a stream of frames, to hold the first one against. */
public final class FramedBytes<M extends MessageLite> {
    private final List<M> messages = new ArrayList<>();
    private boolean malformed;
    private boolean cut;

    /** Reads all of a stream. */
    public FramedBytes(byte[] stream, Parser<M> parser, int bytesMax) {
        ByteBuffer left = ByteBuffer.wrap(stream);
        while (left.remaining() >= 4) {
            long size = left.getInt() & 0xffffffffL;
            if (size > bytesMax) {
                malformed = true;
                return;
            }
            if (size > left.remaining()) {
                cut = true;
                return;
            }
            try {
                messages.add(parser.parseFrom(left.array(), left.position(), (int) size));
            } catch (InvalidProtocolBufferException e) {
                malformed = true;
                return;
            }
            left.position(left.position() + (int) size);
        }
        cut = left.hasRemaining();
    }

    /** Messages up to the first bad frame, or to what is not complete. */
    public List<M> messages() {
        return messages;
    }

    /** Whether there is a bad frame. */
    public boolean isMalformed() {
        return malformed;
    }

    /** Whether the stream ends inside a frame. */
    public boolean isCut() {
        return cut;
    }

    /** The message as a frame. */
    public static byte[] of(MessageLite message) {
        return ByteBuffer.allocate(4 + message.getSerializedSize())
                .putInt(message.getSerializedSize())
                .put(message.toByteArray())
                .array();
    }

    /** One after the other. */
    public static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }
}
