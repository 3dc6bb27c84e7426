package io.tenure.client;

import java.time.Duration;
import java.util.Objects;

/**
 * How one key is read.
 *
 * @param maxStaleness how old the data may be in mode {@link ReadMode#BOUNDED}; of no meaning in others
 */
public record ReadOptions(ReadMode mode, Duration maxStaleness) {
    /** What is allowed if nobody says. */
    public static final Duration STALENESS_DEFAULT = Duration.ofSeconds(2);

    /** Checks it. */
    public ReadOptions {
        Objects.requireNonNull(mode, "mode");
        if (maxStaleness.compareTo(Duration.ofMillis(1)) < 0 || maxStaleness.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(
                    "maxStaleness is " + maxStaleness.toMillis() + " ms; it must be 1 ms to 1 day");
        }
    }

    /** In that mode. */
    public static ReadOptions of(ReadMode mode) {
        return new ReadOptions(mode, STALENESS_DEFAULT);
    }

    /** By the nearest node whose data are not older than that. */
    public static ReadOptions notOlderThan(Duration maxStaleness) {
        return new ReadOptions(ReadMode.BOUNDED, maxStaleness);
    }
}
