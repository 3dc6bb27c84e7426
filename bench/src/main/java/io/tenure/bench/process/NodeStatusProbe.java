package io.tenure.bench.process;

import io.tenure.protocol.HostPort;
import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.ClientRequest;
import io.tenure.protocol.proto.NodeStatus;
import io.tenure.protocol.proto.StatusRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Asks one node for its view of itself, over a connection that it keeps while it works. One thread at a time. */
public final class NodeStatusProbe {
    private static final Duration TIMEOUT = Duration.ofMillis(500);

    private final HostPort address;
    private NodeConnection connection;
    private long asked;

    /** Connects when it asks. */
    public NodeStatusProbe(HostPort address) {
        this.address = address;
    }

    /** The node's view of itself; empty if it does not answer at once. */
    public Optional<NodeStatus> ask() {
        try {
            if (connection == null) {
                connection = new NodeConnection(address, TIMEOUT);
            }
            asked++;
            connection.send(ClientRequest.newBuilder()
                    .setId(asked)
                    .setStatus(StatusRequest.getDefaultInstance())
                    .build());
            ClientReply reply = connection.receive();
            if (reply.getId() != asked || !reply.hasStatus()) {
                throw new IOException("not an answer to a question for the status: " + reply);
            }
            return Optional.of(reply.getStatus());
        } catch (IOException e) {
            // Down, starting or busy: what this was to find out.
            close();
            return Optional.empty();
        }
    }

    /** Drops the connection; the next question makes another one. */
    public void close() {
        if (connection != null) {
            try {
                connection.close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            } finally {
                connection = null;
            }
        }
    }
}
