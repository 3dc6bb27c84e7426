package io.tenure.bench.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import java.util.function.Function;

/**
 * Asks a caller that speaks SOCKS 5 (RFC 1928) where it wants to go, by an IPv4 address, and connects it through a relay. For
 * programs that must know each service by one address, wherever they are themselves. Event loop only.
 */
final class SocksDoor extends ByteToMessageDecoder {
    private static final int VERSION = 5;
    private static final int NO_AUTHENTICATION = 0;
    private static final int CONNECT = 1;
    private static final int IPV4 = 1;
    private static final int GREETING_BYTES = 2;
    private static final int REQUEST_BYTES = 10;
    private static final int SUCCEEDED = 0;
    private static final int HOST_UNREACHABLE = 4;

    private final Function<String, Runnable> routes;
    private boolean greeted;

    /**
     * Knows where to go.
     *
     * @param routes what connects the caller to an address, host:port; null if there is no such address
     */
    SocksDoor(Function<String, Runnable> routes) {
        this.routes = routes;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // A failed write closes the channel.
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (!greeted) {
            int size = in.readableBytes();
            if (size >= GREETING_BYTES && size >= GREETING_BYTES + in.getByte(in.readerIndex() + 1)) {
                in.skipBytes(size);
                greeted = true;
                ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {VERSION, NO_AUTHENTICATION}));
            }
        } else if (in.readableBytes() >= REQUEST_BYTES) {
            boolean isKnown = in.readByte() == VERSION && in.readByte() == CONNECT && in.readShort() == IPV4;
            String host = in.readUnsignedByte() + "." + in.readUnsignedByte() + "." + in.readUnsignedByte() + "."
                    + in.readUnsignedByte();
            Runnable connect = isKnown ? routes.apply(host + ":" + in.readUnsignedShort()) : null;
            byte[] answer = new byte[REQUEST_BYTES];
            answer[0] = VERSION;
            answer[1] = (byte) (connect == null ? HOST_UNREACHABLE : SUCCEEDED);
            answer[3] = IPV4;
            ctx.writeAndFlush(Unpooled.wrappedBuffer(answer));
            if (connect == null) {
                ctx.close();
            } else {
                ctx.pipeline().remove(this);
                connect.run();
            }
        }
    }
}
