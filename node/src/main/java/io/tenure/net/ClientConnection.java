package io.tenure.net;

import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.Outcome;

/** A client as the {@link ClientGateway} sees it. Called on the gateway's thread only. */
public interface ClientConnection {
    /** Hands over an answer; never waits. It leaves at the next {@link #flush}. */
    void send(ClientReply reply);

    /** Hands over the answer to a write that is done. */
    default void sendWritten(long requestId, int nodeId, long term, int leaderId, long index) {
        send(ClientReply.newBuilder()
                .setId(requestId)
                .setOutcome(Outcome.DONE)
                .setNodeId(nodeId)
                .setTerm(term)
                .setLeaderId(leaderId)
                .setIndex(index)
                .build());
    }

    /** Lets go what was sent. */
    void flush();

    /** Takes no more requests from this client until {@link #resumeReading}; it may still deliver a few. */
    void pauseReading();

    /** Takes requests again. */
    void resumeReading();
}
