package io.tenure.protocol;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The frame: four bytes of length, big-endian, then one protobuf message of that length. Message bytes are copied once,
 * straight between the socket's buffer and the message.
 */
public final class Frames {
    /** Bytes before the message. */
    public static final int HEADER_BYTES = 4;

    private Frames() {}

    /** Bytes that {@code message} takes on the wire. */
    public static int sizeBytes(MessageLite message) {
        return HEADER_BYTES + message.getSerializedSize();
    }

    /** The message as one frame, in a buffer of exactly its size, which the caller releases. */
    public static ByteBuf encode(MessageLite message, ByteBufAllocator allocator) {
        int size = sizeBytes(message);
        ByteBuf frame = allocator.ioBuffer(size, size);
        try {
            append(message, frame);
            return frame;
        } catch (RuntimeException e) {
            frame.release();
            throw e;
        }
    }

    /** Writes the message as one frame to the end of {@code buffer}, which grows if need be. */
    static void append(MessageLite message, ByteBuf buffer) {
        int size = message.getSerializedSize();
        buffer.ensureWritable(HEADER_BYTES + size);
        buffer.writeInt(size);
        int at = buffer.writerIndex();
        try {
            CodedOutputStream output = CodedOutputStream.newInstance(buffer.internalNioBuffer(at, size));
            message.writeTo(output);
            output.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new UncheckedIOException("a message does not fit its own size", e);
        }
        buffer.writerIndex(at + size);
    }

    /**
     * Takes one message out of {@code buffer} if a whole frame is there.
     *
     * @param bytesMax largest message allowed, checked before anything is allocated for it
     * @return the message, or null if more bytes are needed
     * @throws FrameException if the length is not allowed or the bytes are no such message
     */
    public static <M extends MessageLite> M decode(ByteBuf buffer, Parser<M> parser, int bytesMax) {
        if (buffer.readableBytes() < HEADER_BYTES) {
            return null;
        }
        long size = buffer.getUnsignedInt(buffer.readerIndex());
        if (size > bytesMax) {
            throw new FrameException("a frame of " + size + " bytes; at most " + bytesMax + " are allowed");
        }
        if (buffer.readableBytes() < HEADER_BYTES + size) {
            return null;
        }
        int at = buffer.readerIndex() + HEADER_BYTES;
        buffer.skipBytes(HEADER_BYTES + (int) size);
        try {
            CodedInputStream input = CodedInputStream.newInstance(buffer.nioBuffer(at, (int) size));
            M message = parser.parseFrom(input);
            input.checkLastTagWas(0);
            return message;
        } catch (InvalidProtocolBufferException e) {
            throw new FrameException("a frame that is not the expected message: " + e.getMessage(), e);
        }
    }
}
