package io.tenure.explore;

import io.tenure.raft.Message;

/** What can happen to one node. Equal events do the same to equal nodes. */
sealed interface Event {
    /** The node starts for the first time. {@code rate}: -1 if its clock is as slow as the bound allows, 1 if as fast, 0 if right. */
    record Boot(int node, int rate) implements Event {}

    /** A message arrives. */
    record Deliver(int from, Message message) implements Event {}

    /** The election timer fires: draws are such that it may at any time. */
    record Timeout() implements Event {}

    /** A leader gets round to what is due: heartbeat, end of a wait, stepping down. */
    record Beat() implements Event {}

    /** A client's write arrives; its number is its value. */
    record Propose(int number) implements Event {}

    /** A client's read arrives, to be confirmed by a quorum (ReadIndex). */
    record AskQuorum() implements Event {}

    /** The disk completes its oldest write. */
    record DiskDone() implements Event {}

    /**
     * The process dies and another one starts. A node that is down does nothing, as one that is slow; so both can happen at
     * the moment of the start.
     *
     * @param writes so many of the outstanding writes had reached the disk nevertheless
     * @param torn of the next one the entries had, but not the hard state
     * @param noted the commit index had been noted on disk, and not 0
     */
    record Crash(int writes, boolean torn, boolean noted) implements Event {}

    /** Real time passes; the node's clock counts it at its own rate. */
    record Pass() implements Event {}

    /** Steps of a turn of the raft agent and of the applier, where these are explored one by one. */
    enum Step implements Event {
        /** The turn's lease is published. */
        PUBLISH,
        /** What depends on it leaves: messages, and committed entries for the applier. */
        HAND_OVER,
        /** The applier writes the next entry into the map. */
        APPLY_ENTRY,
        /** The applier makes the index visible, and answers. */
        ADVANCE_AND_ANSWER,
        /** A client asks for the value: a lease read begins. */
        READ_START,
        /** The lease read takes a step. */
        READ_STEP
    }
}
