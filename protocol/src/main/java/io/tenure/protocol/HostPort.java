package io.tenure.protocol;

import java.net.InetSocketAddress;

/**
 * A host, by name or address, and a port. Not resolved: a name is looked up anew for each connection.
 *
 * @param port 0 only where a free port is to be chosen
 */
public record HostPort(String host, int port) {
    /** Checks both. */
    public HostPort {
        if (host.isBlank()) {
            throw new IllegalArgumentException("a host must not be empty");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not in 0..65535");
        }
    }

    /**
     * Parses {@code host:port}; an IPv6 address stands in brackets.
     *
     * @throws IllegalArgumentException whose message quotes the text and says what is wrong
     */
    public static HostPort parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("\"" + text + "\" has no port; write host:port");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is ambiguous; write an IPv6 address as [address]:port");
        }
        if (host.isBlank()) {
            throw new IllegalArgumentException("\"" + text + "\" has no host; write host:port");
        }
        return new HostPort(host, parsePort(text, text.substring(colon + 1)));
    }

    private static int parsePort(String text, String digits) {
        if (digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException("\"" + text + "\" has no valid port; it is a number in 0..65535");
        }
        int port = Integer.parseInt(digits);
        if (port > 65_535) {
            throw new IllegalArgumentException("\"" + text + "\" has no valid port; it is a number in 0..65535");
        }
        return port;
    }

    /** Looks the host up, which may take as long as the name service does: not for an event loop. */
    public InetSocketAddress resolve() {
        return new InetSocketAddress(host, port);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
