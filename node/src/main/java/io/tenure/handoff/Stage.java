package io.tenure.handoff;

import org.agrona.concurrent.Agent;

/**
 * One stage of a node, as an Agrona agent: it has no thread of its own and works when it is given a turn (DESIGN.md,
 * D9). Whoever runs it gives it a turn when its doorbell rang, and at {@link #wakeAtNanos} at the latest.
 */
public interface Stage extends Agent {
    /** No turn is needed unless the doorbell rings. */
    long NEVER = Long.MAX_VALUE;

    /** Prepares for the first turn, on the thread of the turns. */
    @Override
    default void onStart() {}

    /**
     * Takes one turn: does what waits, within bounds.
     *
     * @return 0 if nothing is left to do before the bell rings or {@link #wakeAtNanos}; otherwise another turn is due
     */
    @Override
    int doWork();

    /** Finishes after the last turn, on the thread of the turns. */
    @Override
    default void onClose() {}

    /** When the next turn is due, on the node's {@link Clock}; asked after each turn, on the same thread. */
    long wakeAtNanos();
}
