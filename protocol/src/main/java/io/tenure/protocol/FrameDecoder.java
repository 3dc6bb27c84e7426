package io.tenure.protocol;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Turns bytes into messages, one at a time, so that what follows a handshake is read with the parser that the handshake
 * chose. After a bad frame it swallows the rest: the connection is about to be closed. Event loop only.
 */
public final class FrameDecoder extends ByteToMessageDecoder {
    private Parser<? extends MessageLite> parser;
    private int bytesMax;
    private boolean readsWrites;
    private boolean failed;

    /**
     * Starts with messages of one kind.
     *
     * @param bytesMax largest message allowed
     */
    public FrameDecoder(Parser<? extends MessageLite> parser, int bytesMax) {
        expect(parser, bytesMax);
    }

    /** Reads the next frame, and those after it, as another kind of message. */
    public void expect(Parser<? extends MessageLite> nextParser, int nextBytesMax) {
        this.parser = nextParser;
        this.bytesMax = nextBytesMax;
    }

    /** From now on plain writes come out as {@link SetFrame}; the messages expected are {@code ClientRequest}s. */
    public void readWrites() {
        readsWrites = true;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (failed) {
            in.skipBytes(in.readableBytes());
            return;
        }
        try {
            Object message = readsWrites ? Frames.decodeSet(in, bytesMax) : null;
            message = message == null ? Frames.decode(in, parser, bytesMax) : message;
            if (message != null) {
                out.add(message);
            }
        } catch (FrameException e) {
            failed = true;
            in.skipBytes(in.readableBytes());
            throw e;
        }
    }
}
