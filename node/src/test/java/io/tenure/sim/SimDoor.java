package io.tenure.sim;

import io.tenure.handoff.KnownPeer;
import io.tenure.net.KnownPeers;
import io.tenure.net.NodeIdentity;
import java.util.HashMap;
import java.util.Map;

/**
 * Handshakes of one life of a node. There are no connections between simulated nodes: who they are to each other is settled
 * when the first frame of a pair arrives, by the very code that production asks, and frames of those who are refused vanish.
 */
final class SimDoor {
    private final World world;
    private final SimNode node;
    private final NodeIdentity self;
    private final KnownPeers known;
    private final Map<SimDoor, Boolean> admitted = new HashMap<>();
    private boolean open = true;

    SimDoor(World world, SimNode node, NodeIdentity self, KnownPeers known) {
        this.world = world;
        this.node = node;
        this.self = self;
        this.known = known;
        node.incarnation = self.incarnation();
    }

    int nodeId() {
        return node.id;
    }

    /** The process has died. */
    void close() {
        open = false;
    }

    /** Whether frames of the other one are let in. A frame of a life that is over is, as long as its folder is the same. */
    boolean admits(SimDoor from) {
        if (from.self.incarnation() != from.node.incarnation) {
            return false;
        }
        Boolean before = admitted.get(from);
        if (before != null || !from.open) {
            return before != null ? before : !world.forgetting().isUnaware(from.nodeId());
        }
        String objection = known.admit(from.asPeer(), from.self.rejoining());
        if (objection == null) {
            objection = from.known.admit(asPeer(), self.rejoining());
        }
        if (known.isWaiting(from.asPeer()) || from.known.isWaiting(asPeer())) {
            return false;
        }
        admitted.put(from, objection == null);
        if (objection == null) {
            world.forgetting().onAdmitted(this, from);
        } else {
            world.forgetting().onRefused(this, from, objection);
        }
        return objection == null;
    }

    /** A peer's log went back: its frames are let in no more, unless it knows. */
    void shutOut(int peer) {
        known.shutOut(peer);
        admitted.keySet().removeIf(other -> other.nodeId() == peer);
    }

    private KnownPeer asPeer() {
        return new KnownPeer(node.id, self.incarnation(), self.bootCount(), self.bootId());
    }
}
