package io.tenure.net;

import io.tenure.protocol.Limits;

/**
 * Bounds of the {@link ClientServer}.
 *
 * @param connectionsMax one more is refused in the handshake
 * @param keyBytesMax longest key, in bytes of UTF-8, as told to clients
 * @param valueBytesMax longest value, in bytes of UTF-8; bounds the frames that are accepted
 * @param unreadBytesMax answers that a client leaves unread before its connection is closed
 * @param handshakeMillisMax time for a client to say who it is
 */
public record ClientServerLimits(
        int connectionsMax, int keyBytesMax, int valueBytesMax, long unreadBytesMax, long handshakeMillisMax) {
    /** What suits unless the settings say otherwise. */
    public static ClientServerLimits defaults(int valueBytesMax) {
        return new ClientServerLimits(
                10_000,
                Limits.KEY_BYTES_MAX,
                valueBytesMax,
                (64L << 20) + 16L * valueBytesMax,
                Limits.HANDSHAKE_MILLIS_MAX);
    }
}
