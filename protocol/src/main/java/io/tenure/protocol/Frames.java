package io.tenure.protocol;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The frame: four bytes of length, big-endian, then one protobuf message of that length.
 */
public final class Frames {
    /** Bytes before the message. */
    public static final int HEADER_BYTES = 4;

    /** Messages up to this size pass through an array of their thread, which costs a copy and saves several objects. */
    private static final int SCRATCH_BYTES = 16 << 10;

    private static final FastThreadLocal<byte[]> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[SCRATCH_BYTES];
        }
    };

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
        byte[] scratch = size <= SCRATCH_BYTES ? SCRATCH.get() : null;
        try {
            CodedOutputStream output = scratch == null
                    ? CodedOutputStream.newInstance(buffer.internalNioBuffer(at, size))
                    : CodedOutputStream.newInstance(scratch, 0, size);
            message.writeTo(output);
            output.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new UncheckedIOException("a message does not fit its own size", e);
        }
        if (scratch != null) {
            buffer.writeBytes(scratch, 0, size);
        } else {
            buffer.writerIndex(at + size);
        }
    }

    /**
     * Takes one message out of {@code buffer} if a whole frame is there.
     *
     * @param bytesMax largest message allowed, checked before anything is allocated for it
     * @return the message, or null if more bytes are needed
     * @throws FrameException if the length is not allowed or the bytes are no such message
     */
    public static <M extends MessageLite> M decode(ByteBuf buffer, Parser<M> parser, int bytesMax) {
        int size = wholeSize(buffer, bytesMax);
        if (size < 0) {
            return null;
        }
        buffer.skipBytes(HEADER_BYTES);
        try {
            CodedInputStream input = input(buffer, size);
            M message = parser.parseFrom(input);
            input.checkLastTagWas(0);
            return message;
        } catch (InvalidProtocolBufferException e) {
            throw new FrameException("a frame that is not the expected message: " + e.getMessage(), e);
        }
    }

    /** Takes a plain write out of {@code buffer} if a whole frame with one is there; else null, and nothing is taken. */
    static SetFrame decodeSet(ByteBuf buffer, int bytesMax) {
        int size = wholeSize(buffer, bytesMax);
        if (size < 0 || size > SCRATCH_BYTES || !SetFrame.begins(buffer, buffer.readerIndex() + HEADER_BYTES, size)) {
            return null;
        }
        byte[] scratch = SCRATCH.get();
        buffer.getBytes(buffer.readerIndex() + HEADER_BYTES, scratch, 0, size);
        SetFrame set = SetFrame.read(scratch, size);
        if (set != null) {
            buffer.skipBytes(HEADER_BYTES + size);
        }
        return set;
    }

    /** Bytes of the message that comes next; -1 if its frame is not there in whole. */
    private static int wholeSize(ByteBuf buffer, int bytesMax) {
        if (buffer.readableBytes() < HEADER_BYTES) {
            return -1;
        }
        long size = buffer.getUnsignedInt(buffer.readerIndex());
        if (size > bytesMax) {
            throw new FrameException("a frame of " + size + " bytes; at most " + bytesMax + " are allowed");
        }
        return buffer.readableBytes() < HEADER_BYTES + size ? -1 : (int) size;
    }

    /** What is read of a large message refers to the array that is made for it here, and to nothing else. */
    private static CodedInputStream input(ByteBuf buffer, int size) {
        if (size <= SCRATCH_BYTES) {
            byte[] scratch = SCRATCH.get();
            buffer.readBytes(scratch, 0, size);
            return CodedInputStream.newInstance(scratch, 0, size);
        }
        byte[] own = new byte[size];
        buffer.readBytes(own);
        CodedInputStream input = UnsafeByteOperations.unsafeWrap(own).newCodedInput();
        input.enableAliasing(true);
        return input;
    }
}
