package io.tenure.net;

import io.tenure.fuzz.Choices;
import io.tenure.fuzz.CoreUnderFuzz;
import io.tenure.fuzz.FramedBytes;
import io.tenure.handoff.Inbox;
import io.tenure.protocol.HostPort;
import io.tenure.protocol.Limits;
import io.tenure.protocol.ProtocolVersion;
import io.tenure.protocol.Transport;
import io.tenure.protocol.proto.ConnectionRole;
import io.tenure.protocol.proto.Hello;
import io.tenure.protocol.proto.PeerFrame;
import io.tenure.raft.Input;
import io.tenure.raft.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Bytes on a connection to node 1's peer port: the first says whether a good handshake goes before them, the second where
 * they are cut in two. What the core gets is what a plain reading of the frames finds, and nothing after a bad one.
 */
public final class PeerPortTarget {
    private static final int SENDER = 2;
    private static final int MESSAGES_MAX = 256;
    private static final NodeIdentity SELF = new NodeIdentity("test", CoreUnderFuzz.SELF, 101, 5, 9, false);
    private static final TreeMap<Integer, HostPort> PEERS = new TreeMap<>(Map.of(
            0, new HostPort("node0", 7100), 1, new HostPort("node1", 7101), SENDER, new HostPort("node2", 7102)));

    private PeerPortTarget() {}

    /** Runs it. */
    public static void run(byte[] input) {
        Choices choices = Choices.of(input);
        boolean greets = choices.flip();
        int cut = choices.below(256);
        byte[] said = choices.rest();
        Inbox<Input.Receive> inbox = new Inbox<>(MESSAGES_MAX, () -> {});
        Network network = new Network(null, Transport.NIO, () -> 1, Runnable::run);
        PeerServer server = new PeerServer(
                network, new Membership(SELF, PEERS, new KnownPeers(List.of(), peers -> {})), inbox, peer -> {});
        List<Message> expected = new ArrayList<>();
        boolean bad = greets && expect(said, expected);
        CoreUnderFuzz core = new CoreUnderFuzz();
        String before = core.state();
        try (WatchedChannel channel = new WatchedChannel(server::accept)) {
            byte[] hello = greets ? FramedBytes.of(hello()) : new byte[0];
            if (bad) {
                channel.closesForItsMeaning();
            }
            channel.say(FramedBytes.join(hello, said), cut);
            if (greets && channel.isOpen() == bad) {
                throw new AssertionError(bad ? "open after a malformed frame" : "closed for good frames");
            }
        }
        List<Input.Receive> received = new ArrayList<>();
        inbox.drain(received::add, MESSAGES_MAX);
        if (greets && received.size() != Math.min(expected.size(), MESSAGES_MAX)) {
            throw new AssertionError(received.size() + " messages instead of " + expected.size());
        }
        received.forEach(one -> core.receive(one.from(), one.message()));
        if (received.isEmpty() && !core.state().equals(before)) {
            throw new AssertionError("changed by nothing");
        }
    }

    /** Whether the input is a good handshake with nothing but good frames after it, at least one. */
    public static boolean isGood(byte[] input) {
        Choices choices = Choices.of(input);
        boolean greets = choices.flip();
        choices.below(256);
        List<Message> messages = new ArrayList<>();
        return greets && !expect(choices.rest(), messages) && !messages.isEmpty();
    }

    /** Reads what a good peer would have said; whether there is a malformed frame. */
    private static boolean expect(byte[] said, List<Message> expected) {
        FramedBytes<PeerFrame> frames = new FramedBytes<>(said, PeerFrame.parser(), Limits.PEER_FRAME_BYTES_MAX);
        PeerCodec codec = new PeerCodec(CoreUnderFuzz.SELF);
        for (PeerFrame frame : frames.messages()) {
            try {
                expected.add(codec.decode(SENDER, frame));
            } catch (MalformedFrameException e) {
                WatchedChannel.requireReadable(e.getMessage());
                return true;
            }
        }
        return frames.isMalformed();
    }

    static Hello hello() {
        return Hello.newBuilder()
                .setProtocolVersion(ProtocolVersion.CURRENT)
                .setRole(ConnectionRole.PEER)
                .setClusterId(SELF.clusterId())
                .setNodeId(SENDER)
                .setIncarnation(102)
                .setBootCount(5)
                .setTargetNodeId(SELF.nodeId())
                .build();
    }
}
