package io.tenure.sim;

import io.tenure.raft.Message;

/** Which messages a script lets through. */
@FunctionalInterface
interface MessageFilter {
    /** Whether the message may travel. */
    boolean passes(int from, int to, Message message);
}
