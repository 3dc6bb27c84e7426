package io.tenure.net;

import java.util.concurrent.TimeUnit;

/**
 * Bounds of {@link PeerLinks}.
 *
 * @param queueBytesMax bytes handed over and not yet taken by the kernel, for each peer; beyond it messages are dropped
 * @param reconnectMillisMin first pause before another attempt to connect; doubles with each
 * @param reconnectMillisMax longest pause
 * @param connectMillisMax time for an attempt, and for bytes sent to be acknowledged by the other kernel (where the
 *     platform can tell) before the connection counts as dead
 */
public record PeerLinkLimits(int queueBytesMax, int reconnectMillisMin, int reconnectMillisMax, int connectMillisMax) {
    /** Room for messages without entries when the queue is full, so that load does not stop heartbeats and votes. */
    static final int RESERVE_BYTES = 64 << 10;

    /** Up to this size a message may use the reserve. */
    static final int SMALL_BYTES_MAX = 1024;

    /** Checks that they make sense. */
    public PeerLinkLimits {
        if (queueBytesMax < 1 || reconnectMillisMin < 1 || connectMillisMax < 1) {
            throw new IllegalArgumentException("limits must be at least 1");
        }
        if (reconnectMillisMax < reconnectMillisMin) {
            throw new IllegalArgumentException("the longest pause must not be shorter than the first");
        }
    }

    /** What suits links of up to some hundred milliseconds. */
    public static PeerLinkLimits defaults() {
        return new PeerLinkLimits(64 << 20, 20, 1_000, (int) TimeUnit.SECONDS.toMillis(3));
    }
}
