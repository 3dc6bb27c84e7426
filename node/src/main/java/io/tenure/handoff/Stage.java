package io.tenure.handoff;

import org.agrona.concurrent.Agent;

/**
 * One stage of a node, as an Agrona agent: it has no thread of its own and works when it is given a turn (DESIGN.md,
 * D9). Whoever runs it gives it a turn when its doorbell rang, and at {@link #wakeAtNanos} at the latest.
 */
public interface Stage extends Agent {
    /** No turn is needed unless the doorbell rings. */
    long NEVER = Long.MAX_VALUE;

    /** When the next turn is due, on the node's {@link Clock}; asked after each turn, on the same thread. */
    long wakeAtNanos();
}
