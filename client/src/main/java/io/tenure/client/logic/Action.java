package io.tenure.client.logic;

import io.tenure.protocol.proto.ClientRequest;

/**
 * Everything the request logic asks the world to do. A connection is named by a number that is never used again, so
 * that news of an old one can't be taken for news of its successor.
 */
public sealed interface Action {
    /**
     * Connect and shake hands as a client; then call {@link RequestLogic#connected} or {@link RequestLogic#disconnected}
     * with this connection.
     *
     * @param node position in the list of addresses
     * @param address host:port
     */
    record Connect(int connection, int node, String address) implements Action {}

    /** Send on an open connection: in order, each at most once. If it can't be sent, the connection must break. */
    record Send(int connection, ClientRequest request) implements Action {}

    /** Drop the connection, whether it is open or still opening. No further news of it is needed. */
    record Close(int connection) implements Action {}

    /** An operation has its outcome; it comes once for each. */
    record Complete(long operation, Result result) implements Action {}
}
