package io.tenure.protocol;

import io.tenure.protocol.proto.Hello;
import io.tenure.protocol.proto.HelloReply;

/** What the handshake handlers tell the handlers behind them, as a user event. */
public sealed interface HandshakeEvent {
    /** The other side connected, and was accepted. */
    record Accepted(Hello hello) implements HandshakeEvent {}

    /** This side connected, and was accepted. */
    record Welcomed(HelloReply reply) implements HandshakeEvent {}

    /** This side refused the other, or was refused; the connection closes. {@code reason} is a sentence for the log. */
    record Refused(String reason) implements HandshakeEvent {}
}
