package io.tenure.bench.relay;

/** Whether anything travels in one direction. */
public enum Cut {
    /** Everything arrives. */
    NONE,
    /**
     * Nothing arrives, and nobody is told: what is sent waits, as TCP has it, and arrives in order once the cut is over,
     * unless an end gives the connection up before.
     */
    HOLD,
    /** Connections made in this direction are closed, and so is each new one, as soon as it is made. */
    CLOSE
}
