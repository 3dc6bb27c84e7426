package io.tenure.net;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A second, plain reading of a stream of frames, to hold the first one against. */
final class FramedBytes<M extends MessageLite> {
    /** Messages up to the first bad frame, or to what is not complete. */
    final List<M> messages = new ArrayList<>();

    /** Whether there is a bad frame. */
    boolean isMalformed;

    FramedBytes(byte[] stream, Parser<M> parser, int bytesMax) {
        ByteBuffer left = ByteBuffer.wrap(stream);
        while (left.remaining() >= 4) {
            long size = left.getInt() & 0xffffffffL;
            if (size > bytesMax) {
                isMalformed = true;
                return;
            }
            if (size > left.remaining()) {
                return;
            }
            try {
                messages.add(parser.parseFrom(left.array(), left.position(), (int) size));
            } catch (InvalidProtocolBufferException e) {
                isMalformed = true;
                return;
            }
            left.position(left.position() + (int) size);
        }
    }

    /** The message as a frame. */
    static byte[] of(MessageLite message) {
        return ByteBuffer.allocate(4 + message.getSerializedSize())
                .putInt(message.getSerializedSize())
                .put(message.toByteArray())
                .array();
    }

    /** One after the other. */
    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }
}
