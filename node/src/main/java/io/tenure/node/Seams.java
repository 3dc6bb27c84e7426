package io.tenure.node;

import io.tenure.handoff.Clock;
import io.tenure.handoff.Inbox;
import io.tenure.handoff.PeerSender;
import io.tenure.journal.Disk;
import io.tenure.net.KnownPeers;
import io.tenure.net.NodeIdentity;
import io.tenure.raft.Input;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The world outside a node, real or simulated: everything else is the same in both.
 *
 * @param random all jitter and the incarnation of a new folder come from here
 * @param leaseMillisMax no member asks for a longer lease: a node that has forgotten its promises waits for as long
 * @param afterDisk runs what follows from work of the disk that has returned: at once, unless the disk's time is simulated
 */
record Seams(
        Disk disk,
        Clock clock,
        RandomGenerator random,
        long leaseMillisMax,
        Links links,
        Consumer<Runnable> afterDisk) {
    /** Makes the way to the peers, once it is known who this node is. */
    @FunctionalInterface
    interface Links {
        /**
         * Connects to the peers.
         *
         * @param peers takes their messages
         * @param known with which folders the peers were last seen
         * @param completions takes {@link Input.LinkLost}
         */
        PeerSender connect(NodeIdentity self, KnownPeers known, Inbox<Input.Receive> peers, Inbox<Input> completions);
    }
}
