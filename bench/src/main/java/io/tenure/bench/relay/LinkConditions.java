package io.tenure.bench.relay;

import java.time.Duration;

/**
 * What the network does to bytes on their way from one place to another; the way back has conditions of its own.
 *
 * @param delay from one place to the other, one way
 * @param jitter added at random, from nothing up to this; bytes of a connection never overtake each other
 * @param bytesPerSecond of all connections together; 0 for no limit
 * @param meanLife of a connection made in this direction from now on, after which it breaks, at random; zero: it never does
 */
public record LinkConditions(Duration delay, Duration jitter, long bytesPerSecond, Duration meanLife, Cut cut) {
    /** Everything arrives at once. */
    public static final LinkConditions FREE = new LinkConditions(Duration.ZERO, Duration.ZERO, 0, Cut.NONE);

    /** Refuses what no network does. */
    public LinkConditions {
        if (delay.isNegative() || jitter.isNegative() || bytesPerSecond < 0 || meanLife.isNegative()) {
            throw new IllegalArgumentException("delay, jitter, bandwidth and life must not be negative");
        }
    }

    /** Connections live until an end closes them. */
    public LinkConditions(Duration delay, Duration jitter, long bytesPerSecond, Cut cut) {
        this(delay, jitter, bytesPerSecond, Duration.ZERO, cut);
    }

    /** Everything arrives, this much later. */
    public static LinkConditions delayed(Duration delay) {
        return new LinkConditions(delay, Duration.ZERO, 0, Cut.NONE);
    }

    /** The same, cut like this. */
    public LinkConditions with(Cut newCut) {
        return new LinkConditions(delay, jitter, bytesPerSecond, meanLife, newCut);
    }
}
