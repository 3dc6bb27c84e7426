package io.tenure.net;

/**
 * Bounds of the {@link ClientGateway} (DESIGN.md, D8).
 *
 * @param keyBytesMax longest key, in bytes of UTF-8
 * @param valueBytesMax longest value, in bytes of UTF-8
 * @param ticketsMax requests under way in the node; one more is answered BUSY
 * @param ticketsPerClientMax requests under way of one connection; at that many it is not read from
 * @param sessionWindow numbers that may be open at once in a session, as told to clients
 */
public record GatewayLimits(
        int keyBytesMax, int valueBytesMax, int ticketsMax, int ticketsPerClientMax, int sessionWindow) {
    /** Checks that they make sense. */
    public GatewayLimits {
        if (keyBytesMax < 1 || valueBytesMax < 1 || ticketsMax < 1 || ticketsPerClientMax < 1 || sessionWindow < 1) {
            throw new IllegalArgumentException("limits must be at least 1");
        }
    }
}
