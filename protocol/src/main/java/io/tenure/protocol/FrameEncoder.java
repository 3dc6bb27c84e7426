package io.tenure.protocol;

import com.google.protobuf.MessageLite;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/** Turns messages into frames. Without state, so one serves all channels. */
@Sharable
public final class FrameEncoder extends ChannelOutboundHandlerAdapter {
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // The promise, which the writer holds, tells the outcome.
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof MessageLite frame) {
            ctx.write(Frames.encode(frame, ctx.alloc()), promise);
        } else {
            ctx.write(message, promise);
        }
    }
}
