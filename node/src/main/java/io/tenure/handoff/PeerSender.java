package io.tenure.handoff;

import io.tenure.raft.Message;

/** The way to the peers. Used by the raft agent's thread only. */
public interface PeerSender {
    /**
     * Hands over a message; never waits. The message may be lost, as Raft allows.
     *
     * @return false if there is no connection, or its queue is full and the message was dropped
     */
    boolean send(int peer, Message message);

    /** The peer has lost what it had acknowledged: it is not spoken with any more, until it comes to rejoin. */
    void shutOut(int peer);

    /** Lets go what was handed over since the last call: one flush a turn and peer. */
    void flush();
}
