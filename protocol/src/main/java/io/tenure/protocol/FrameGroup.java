package io.tenure.protocol;

import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/**
 * The frames that one channel is to send next, put together in one buffer: many small messages cost one write and one piece
 * of the system call, not one each. What is added leaves at {@link #flush}, or before if it is much. Event loop only.
 */
public final class FrameGroup {
    /** From here on the buffer is handed to the channel, though not flushed. */
    private static final int BYTES_MAX = 64 << 10;

    private static final int BYTES_MIN = 256;
    private static final int LARGE_BYTES = 16 << 10;

    private final Channel channel;
    private ByteBuf gathered;
    private boolean dirty;
    private boolean closed;
    /** So large the next buffer is made: as large as the last one had to be. */
    private int expectedBytes = BYTES_MIN;

    /** Makes an empty group for a channel that is open. */
    public FrameGroup(Channel channel) {
        this.channel = channel;
    }

    /** Adds a message as a frame, if the channel is not closed. A failure is the channel's alone, and goes through its pipeline. */
    public void add(MessageLite message) {
        if (closed) {
            return;
        }
        try {
            Frames.append(message, buffer(Frames.sizeBytes(message)));
            added();
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    /** Adds the answer to a write that is done, as {@code ClientReply} has it. */
    public void addWritten(long requestId, int nodeId, long term, int leaderId, long index) {
        if (closed) {
            return;
        }
        try {
            WrittenFrame.append(buffer(0), requestId, nodeId, term, leaderId, index);
            added();
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    /** Maybe half a frame is there: nothing more may leave. */
    private void fail(Throwable failure) {
        close();
        channel.pipeline().fireExceptionCaught(failure);
    }

    private ByteBuf buffer(int bytes) {
        if (bytes >= LARGE_BYTES) {
            write(); // A buffer of its own, of just its size.
        }
        if (gathered == null) {
            gathered = channel.alloc().ioBuffer(Math.max(expectedBytes, bytes));
        }
        return gathered;
    }

    private void added() {
        dirty = true;
        if (gathered.readableBytes() >= BYTES_MAX) {
            write();
        }
    }

    /** Sends what was added. */
    public void flush() {
        if (dirty) {
            dirty = false;
            write();
            channel.flush();
        }
    }

    /** Drops what was added and not sent, and what is added from now on: the channel is closed. */
    public void close() {
        closed = true;
        dirty = false;
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // A void promise: a failure goes through the pipeline.
    private void write() {
        if (gathered != null) {
            ByteBuf frames = gathered;
            gathered = null;
            expectedBytes = Math.max(BYTES_MIN, Math.min(frames.readableBytes(), BYTES_MAX));
            channel.write(frames, channel.voidPromise());
        }
    }
}
