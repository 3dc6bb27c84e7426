package io.tenure.protocol;

import io.netty.buffer.ByteBuf;
import io.tenure.protocol.proto.Outcome;

/** The answer to a write that is done, as a frame: a {@code ClientReply} written without the runtime of protobuf. */
final class WrittenFrame {
    private static final int ID = 1 << 3;
    private static final int OUTCOME = 2 << 3;
    private static final int NODE_ID = 4 << 3;
    private static final int TERM = 5 << 3;
    private static final int LEADER_ID = 6 << 3;
    private static final int INDEX = 8 << 3;

    /** Six fields of a byte and a varint each. */
    private static final int MESSAGE_BYTES_MAX = 6 * 11;

    private WrittenFrame() {}

    /** Writes the frame to the end of {@code buffer}, which grows if need be. */
    static void append(ByteBuf buffer, long requestId, int nodeId, long term, int leaderId, long index) {
        buffer.ensureWritable(Frames.HEADER_BYTES + MESSAGE_BYTES_MAX);
        int header = buffer.writerIndex();
        buffer.writerIndex(header + Frames.HEADER_BYTES);
        field(buffer, ID, requestId);
        field(buffer, OUTCOME, Outcome.DONE_VALUE);
        field(buffer, NODE_ID, nodeId);
        field(buffer, TERM, zigZag(term));
        field(buffer, LEADER_ID, zigZag(leaderId));
        field(buffer, INDEX, index);
        buffer.setInt(header, buffer.writerIndex() - header - Frames.HEADER_BYTES);
    }

    private static long zigZag(long value) {
        return (value << 1) ^ (value >> 63);
    }

    /** A field that is 0 is left out, as always. */
    private static void field(ByteBuf buffer, int tag, long value) {
        if (value == 0) {
            return;
        }
        buffer.writeByte(tag);
        long rest = value;
        for (; (rest & ~0x7fL) != 0; rest >>>= 7) {
            buffer.writeByte((int) ((rest & 0x7f) | 0x80));
        }
        buffer.writeByte((int) rest);
    }
}
