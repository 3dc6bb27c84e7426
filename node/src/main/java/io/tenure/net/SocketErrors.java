package io.tenure.net;

import java.net.ConnectException;

/** What the system said of a socket, for a person: native transports word it in terms of system calls. */
final class SocketErrors {
    private SocketErrors() {}

    /** Whether the system of the other side says that nobody listens there. */
    static boolean isRefusal(Throwable error) {
        return error instanceof ConnectException
                && error.getMessage() != null
                && error.getMessage().contains("Connection refused");
    }

    static String inWords(Throwable error) {
        String message = error.getMessage();
        if (message == null) {
            return error.getClass().getSimpleName();
        }
        if (message.contains("Address already in use")) {
            return "the address is already in use";
        }
        if (message.contains("Connection refused")) {
            return "connection refused";
        }
        if (message.contains("Connection reset")) {
            return "connection reset by the other side";
        }
        return message;
    }
}
