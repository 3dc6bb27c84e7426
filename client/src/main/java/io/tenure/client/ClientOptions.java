package io.tenure.client;

import io.tenure.protocol.HostPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How a client behaves. Made by {@link #of}, changed by the methods that begin with {@code with}; each returns a copy.
 *
 * @param addresses client addresses of the cluster, host:port; not all are needed, the others are learnt
 * @param timeout from the call to its outcome, inner retries included; 10 s
 * @param attemptTimeout after which another node is tried; 1 s
 * @param readMode of reads that don't say; {@link ReadMode#LEASE}
 * @param outstandingMax calls that may wait at once, one more fails at once; 16,384
 * @param outstandingBytesMax bytes of keys and values that may wait at once; 64 MiB
 * @param nativeTransport whether the kernel's epoll is used where there is one; true. Loading it takes a moment
 */
public record ClientOptions(
        List<String> addresses,
        Duration timeout,
        Duration attemptTimeout,
        ReadMode readMode,
        int outstandingMax,
        long outstandingBytesMax,
        boolean nativeTransport) {
    private static final Duration LONGEST = Duration.ofDays(1);

    /** Checks all of it. */
    public ClientOptions {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("no address given; write host:port,host:port");
        }
        addresses.forEach(HostPort::parse);
        checkTime("timeout", timeout);
        checkTime("attemptTimeout", attemptTimeout);
        Objects.requireNonNull(readMode, "readMode");
        if (outstandingMax < 1 || outstandingBytesMax < 1) {
            throw new IllegalArgumentException("outstandingMax and outstandingBytesMax must be at least 1");
        }
    }

    /**
     * The usual behaviour.
     *
     * @param addresses separated by commas, {@code "host:port,host:port"}
     * @throws IllegalArgumentException if one is no address; the message says which
     */
    public static ClientOptions of(String addresses) {
        List<String> all = new ArrayList<>();
        for (String address : addresses.split(",", -1)) {
            String normal = HostPort.parse(address.strip()).toString();
            if (!all.contains(normal)) {
                all.add(normal);
            }
        }
        return new ClientOptions(
                all, Duration.ofSeconds(10), Duration.ofSeconds(1), ReadMode.LEASE, 16_384, 64L << 20, true);
    }

    /** With another time from the call to its outcome. */
    public ClientOptions withTimeout(Duration newTimeout) {
        return new ClientOptions(
                addresses, newTimeout, attemptTimeout, readMode, outstandingMax, outstandingBytesMax, nativeTransport);
    }

    /** With another time after which another node is tried. */
    public ClientOptions withAttemptTimeout(Duration newAttemptTimeout) {
        return new ClientOptions(
                addresses, timeout, newAttemptTimeout, readMode, outstandingMax, outstandingBytesMax, nativeTransport);
    }

    /** With another mode for reads that don't say. */
    public ClientOptions withReadMode(ReadMode newReadMode) {
        return new ClientOptions(
                addresses, timeout, attemptTimeout, newReadMode, outstandingMax, outstandingBytesMax, nativeTransport);
    }

    /** With other bounds on what may wait. */
    public ClientOptions withOutstanding(int newOutstandingMax, long newOutstandingBytesMax) {
        return new ClientOptions(
                addresses,
                timeout,
                attemptTimeout,
                readMode,
                newOutstandingMax,
                newOutstandingBytesMax,
                nativeTransport);
    }

    /** With or without the kernel's epoll. */
    public ClientOptions withNativeTransport(boolean newNativeTransport) {
        return new ClientOptions(
                addresses, timeout, attemptTimeout, readMode, outstandingMax, outstandingBytesMax, newNativeTransport);
    }

    private static void checkTime(String name, Duration time) {
        if (time.compareTo(Duration.ofMillis(1)) < 0 || time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " is " + time.toMillis() + " ms; it must be 1 ms to 1 day");
        }
    }
}
