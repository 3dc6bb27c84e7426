package io.tenure.bench.relay;

import java.time.Duration;

/**
 * What the network does to bytes on their way from one place to another; the way back has conditions of its own.
 *
 * @param delay from one place to the other, one way
 * @param jitter added at random, from nothing up to this; bytes of a connection never overtake each other
 * @param bytesPerSecond of all connections together; 0 for no limit
 */
public record LinkConditions(Duration delay, Duration jitter, long bytesPerSecond, Cut cut) {
    /** Everything arrives at once. */
    public static final LinkConditions FREE = new LinkConditions(Duration.ZERO, Duration.ZERO, 0, Cut.NONE);

    /** Refuses what no network does. */
    public LinkConditions {
        if (delay.isNegative() || jitter.isNegative() || bytesPerSecond < 0) {
            throw new IllegalArgumentException("delay, jitter and bandwidth must not be negative");
        }
    }

    /** Everything arrives, this much later. */
    public static LinkConditions delayed(Duration delay) {
        return new LinkConditions(delay, Duration.ZERO, 0, Cut.NONE);
    }

    /** The same, cut like this. */
    public LinkConditions with(Cut newCut) {
        return new LinkConditions(delay, jitter, bytesPerSecond, newCut);
    }
}
