package io.tenure.sim;

import io.tenure.handoff.PeerSender;
import io.tenure.net.PeerCodec;
import io.tenure.raft.Message;
import java.util.ArrayList;
import java.util.List;

/** What a process says to its peers in a turn; it leaves when the turn is over. */
final class SimOutbox implements PeerSender {
    private record Sent(int to, Message message) {}

    private final World world;
    private final SimProcess process;
    private final SimDoor door;
    private final PeerCodec codec;
    private final List<Sent> sent = new ArrayList<>();

    SimOutbox(World world, SimProcess process, SimDoor door, PeerCodec codec) {
        this.world = world;
        this.process = process;
        this.door = door;
        this.codec = codec;
    }

    @Override
    public boolean send(int peer, Message message) {
        if (!process.isRepairing()) {
            world.leasePublishedFirst().onLeaving(process.node(), message);
            world.witness().leaving(process.node(), message);
        }
        sent.add(new Sent(peer, message));
        return world.post().isLinkUp(process.node().id, peer);
    }

    @Override
    public void shutOut(int peer) {
        door.shutOut(peer);
    }

    @Override
    public void flush() {}

    /** The turn is over. */
    void carryAll(boolean witnessed) {
        SimNode node = process.node();
        for (Sent each : sent) {
            if (witnessed) {
                world.witness().sent(node, each.to, each.message);
            }
            world.story().tellMessage(world.timeline().now(), node.id, each.to, each.message);
            world.post().carry(door, each.to, each.message, SimWire.bytesOf(codec.encode(each.message)));
        }
        sent.clear();
    }
}
