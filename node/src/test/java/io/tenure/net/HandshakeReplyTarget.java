package io.tenure.net;

import io.tenure.fuzz.Choices;
import io.tenure.protocol.ConnectHandshake;
import io.tenure.protocol.FrameDecoder;
import io.tenure.protocol.FrameEncoder;
import io.tenure.protocol.proto.PeerFrame;
import java.util.List;

/** Bytes that the other side of a connection to a peer answers with; nothing is expected after the handshake. */
public final class HandshakeReplyTarget {
    private static final NodeIdentity SELF = new NodeIdentity("test", 1, 101, 5, 9, false);

    private HandshakeReplyTarget() {}

    /** Runs it. */
    public static void run(byte[] input) {
        Choices choices = Choices.of(input);
        int cut = choices.below(256);
        byte[] said = choices.rest();
        Doorkeeper doorkeeper = new Doorkeeper(SELF);
        KnownPeers known = new KnownPeers(List.of(), peers -> {});
        try (WatchedChannel channel = new WatchedChannel(opened -> {
            FrameDecoder decoder = ConnectHandshake.newDecoder();
            opened.pipeline()
                    .addLast(
                            decoder,
                            new FrameEncoder(),
                            new ConnectHandshake(
                                    decoder,
                                    PeerPortTarget.hello(),
                                    PeerFrame.parser(),
                                    0,
                                    reply -> doorkeeper.wrongWithReply(reply, 2, known)),
                            new Closing());
        })) {
            channel.say(said, cut);
        }
    }

    /** Closes at an error, as links do. */
    private static final class Closing extends io.netty.channel.ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(io.netty.channel.ChannelHandlerContext ctx, Throwable cause) {
            ctx.close().addListener(io.netty.channel.ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
        }
    }
}
