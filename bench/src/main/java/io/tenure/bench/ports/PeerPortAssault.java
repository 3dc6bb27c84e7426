package io.tenure.bench.ports;

import io.tenure.fuzz.Choices;
import io.tenure.fuzz.FramedBytes;
import io.tenure.fuzz.PeerFrames;
import io.tenure.fuzz.Spoiler;
import io.tenure.net.MalformedFrameException;
import io.tenure.net.PeerCodec;
import io.tenure.protocol.Limits;
import io.tenure.protocol.ProtocolVersion;
import io.tenure.protocol.proto.ConnectionRole;
import io.tenure.protocol.proto.Hello;
import io.tenure.protocol.proto.HelloReply;
import io.tenure.protocol.proto.PeerFrame;
import io.tenure.raft.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Frames of a member that is not what it seems: of earlier terms and pre-votes, which change nothing, and malformed ones,
 * of which each ends the connection. It tells no lies of the current term: members are trusted.
 */
final class PeerPortAssault extends Assault {
    private static final int FRAMES_MAX = 24;

    private final int member;
    private final int target;
    private final long term;
    private final String clusterId;
    private final PeerCodec codec;
    private final PeerFrames frames;

    /**
     * Prepares it.
     *
     * @param member whom it plays
     * @param target the node at the port
     * @param term the cluster's current one, at least 1
     */
    PeerPortAssault(int port, AtomicLong framesLeft, long seed, String clusterId, int member, int target, long term) {
        super(port, framesLeft, seed);
        this.clusterId = clusterId;
        this.member = member;
        this.target = target;
        this.term = term;
        this.codec = new PeerCodec(target);
        this.frames = new PeerFrames(choices, member);
    }

    @Override
    byte[] strangersGreeting() {
        return greeting(0xbad);
    }

    private byte[] greeting(long incarnation) {
        return FramedBytes.of(Hello.newBuilder()
                .setProtocolVersion(ProtocolVersion.CURRENT)
                .setRole(ConnectionRole.PEER)
                .setClusterId(clusterId)
                .setNodeId(member)
                .setIncarnation(incarnation)
                .setBootCount(1)
                .setTargetNodeId(target)
                .build());
    }

    @Override
    void visit(Line line) throws IOException {
        line.send(greeting(0x5eed));
        byte[] welcome = line.receive();
        if (welcome == null || !HelloReply.parseFrom(welcome).getAccepted()) {
            problem("a member is not let in: " + (welcome == null ? "closed" : HelloReply.parseFrom(welcome)));
            return;
        }
        List<byte[]> stream = new ArrayList<>();
        for (int left = choices.below(FRAMES_MAX); left > 0; left--) {
            stream.add(frame(true));
        }
        byte[] bad = frame(false);
        for (int tries = 0; tries < 100 && !isMalformed(bad); tries++) {
            bad = frame(false);
        }
        stream.add(isMalformed(bad) ? bad : framed(new byte[0]));
        count(stream.size());
        line.send(FramedBytes.join(stream.toArray(byte[][]::new)));
        line.drain();
    }

    /** A frame that changes nothing, if so wanted; else one that is likely malformed. */
    private byte[] frame(boolean harmless) {
        while (true) {
            PeerFrame good = frames.next((int) term + 2);
            byte[] frame = harmless
                    ? choices.flip() ? FramedBytes.of(good) : FramedBytes.of(Spoiler.spoil(good, choices))
                    : spoilt(good, choices);
            FramedBytes<PeerFrame> read = new FramedBytes<>(frame, PeerFrame.parser(), Limits.PEER_FRAME_BYTES_MAX);
            boolean whole =
                    !read.isMalformed() && !read.isCut() && read.messages().size() == 1;
            if (harmless ? whole && isHarmless(read.messages().get(0)) : true) {
                return frame;
            }
        }
    }

    private static byte[] spoilt(PeerFrame good, Choices choices) {
        return switch (choices.below(6)) {
            case 0 -> framed(choices.bytes(300));
            case 1 -> FramedBytes.join(new byte[] {(byte) (4 + choices.below(250)), 0, 0, 0}, good.toByteArray());
            case 2, 3 -> framed(Spoiler.bytes(good.toByteArray(), choices));
            default -> FramedBytes.of(Spoiler.spoil(Spoiler.spoil(good, choices), choices));
        };
    }

    private boolean isMalformed(byte[] frame) {
        FramedBytes<PeerFrame> read = new FramedBytes<>(frame, PeerFrame.parser(), Limits.PEER_FRAME_BYTES_MAX);
        if (read.isMalformed() || read.isCut()) {
            return read.isMalformed();
        }
        try {
            codec.decode(member, read.messages().get(0));
            return false;
        } catch (MalformedFrameException e) {
            return true;
        }
    }

    private boolean isHarmless(PeerFrame frame) {
        try {
            Message message = codec.decode(member, frame);
            return message.term() < term || (message instanceof Message.RequestVote request && request.preVote());
        } catch (MalformedFrameException e) {
            return false;
        }
    }
}
