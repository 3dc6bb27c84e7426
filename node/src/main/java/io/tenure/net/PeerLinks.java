package io.tenure.net;

import io.netty.channel.EventLoop;
import io.tenure.handoff.PeerSender;
import io.tenure.protocol.FrameEncoder;
import io.tenure.protocol.proto.PeerFrame;
import io.tenure.raft.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/**
 * The way to the peers: one outgoing connection to each, kept up, with everything this node tells that peer on it
 * (replies to its messages, too). What doesn't fit the queue is dropped.
 *
 * <p>{@link #send} and {@link #flush} belong to the raft agent's thread. If that is the event loop itself, a flush writes at
 * once; if not, it hands all messages of the turn to the event loop in one task.
 */
public final class PeerLinks implements PeerSender {
    private final EventLoop loop;
    private final PeerCodec codec;
    private final KnownPeers known;
    private final SortedMap<Integer, PeerLink> links = new TreeMap<>();

    /** What a turn sent to one peer. */
    private record Outgoing(PeerLink link, List<PeerFrame> frames, int bytes) {}

    /**
     * Makes links that do not connect yet.
     *
     * @param jitter spreads attempts to connect; used on the event loop only
     */
    public PeerLinks(
            Network network,
            Membership membership,
            PeerLinkLimits limits,
            RandomGenerator jitter,
            LinkListener listener) {
        this.loop = network.loop();
        int self = membership.self().nodeId();
        this.codec = new PeerCodec(self);
        FrameEncoder encoder = new FrameEncoder();
        membership.peerAddresses().forEach((peer, address) -> {
            if (peer != self) {
                PeerLink link = new PeerLink(peer, address, network, membership, limits, jitter, encoder, listener);
                links.put(peer, link);
            }
        });
        this.known = membership.known();
        known.onShutOut(peer -> links.get(peer).disconnect());
    }

    /** Begins to connect to all peers. */
    public void open() {
        loop.execute(() -> links.values().forEach(PeerLink::open));
    }

    /** Tries at once to connect to {@code peer}, if no link is up and none is being made. Any thread. */
    public void reconnectNow(int peer) {
        PeerLink link = links.get(peer);
        if (link != null) {
            loop.execute(link::reconnectNow);
        }
    }

    /** Whether a link to the peer is up. Any thread. */
    public boolean isUp(int peer) {
        PeerLink link = links.get(peer);
        return link != null && link.isUp();
    }

    /** Closes all links for good; done when they are closed. The listener is not told of it. */
    public CompletableFuture<Void> close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        loop.execute(() -> {
            links.values().forEach(PeerLink::close);
            closed.complete(null);
        });
        return closed;
    }

    @Override
    public boolean send(int peer, Message message) {
        PeerLink link = links.get(peer);
        if (link == null) {
            throw new IllegalArgumentException("node " + peer + " is not a peer; peers are " + links.keySet());
        }
        return link.isOpenForMessages() && link.offer(codec.encode(message));
    }

    /** Nothing is sent from now on: else the peer would catch up, and seem well for as long as its connections still last. */
    @Override
    public void shutOut(int peer) {
        PeerLink link = links.get(peer);
        link.silence();
        loop.execute(() -> {
            if (!known.shutOut(peer)) {
                link.endSilence();
            }
        });
    }

    @Override
    public void flush() {
        List<Outgoing> turn = null;
        for (PeerLink link : links.values()) {
            if (link.offered.isEmpty()) {
                continue;
            }
            Outgoing outgoing = new Outgoing(link, link.offered, link.offeredBytes);
            link.offered = new ArrayList<>();
            link.offeredBytes = 0;
            if (turn == null) {
                turn = new ArrayList<>(links.size());
            }
            turn.add(outgoing);
        }
        if (turn == null) {
            return;
        }
        if (loop.inEventLoop()) {
            write(turn);
        } else {
            List<Outgoing> handed = turn;
            loop.execute(() -> write(handed));
        }
    }

    private static void write(List<Outgoing> turn) {
        for (Outgoing outgoing : turn) {
            outgoing.link.write(outgoing.frames, outgoing.bytes);
        }
    }
}
