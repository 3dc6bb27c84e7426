package io.tenure.client.logic;

import io.tenure.protocol.Limits;

/**
 * Bounds of the request logic.
 *
 * @param attemptTimeoutNanos how long one attempt may stay unanswered before another node is tried; also bounds
 *     connecting, handshake included
 * @param outstandingMax operations that may wait for their outcome at once; one more fails at once, certainly not done
 * @param outstandingBytesMax bytes of keys and values that may wait at once
 * @param keyBytesMax longest key in UTF-8, until a node names a smaller limit
 * @param valueBytesMax longest value in UTF-8 that fits a frame at all; the limit that a node names is smaller
 */
public record LogicSettings(
        long attemptTimeoutNanos, int outstandingMax, long outstandingBytesMax, int keyBytesMax, int valueBytesMax) {
    /** One second an attempt, 16,384 operations, 64 MiB. */
    public static final LogicSettings DEFAULT =
            new LogicSettings(1_000_000_000L, 16_384, 64L << 20, Limits.KEY_BYTES_MAX, Limits.VALUE_BYTES_MAX_HIGHEST);

    /** Refuses bounds that allow nothing. */
    public LogicSettings {
        if (attemptTimeoutNanos <= 0 || outstandingMax <= 0 || outstandingBytesMax <= 0) {
            throw new IllegalArgumentException("every bound must be greater than 0");
        }
        if (keyBytesMax <= 0 || valueBytesMax <= 0) {
            throw new IllegalArgumentException("every limit must be greater than 0");
        }
    }
}
