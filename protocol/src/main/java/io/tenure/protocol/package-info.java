/**
 * What goes over the wire: length-prefixed protobuf frames, their limits, the handshake that opens every connection, and
 * the Netty handlers for all of it. The messages themselves are generated from {@code handshake.proto}, {@code peer.proto} and
 * {@code client.proto}.
 *
 * <p>A connection's pipeline, the same on both sides: {@link io.tenure.protocol.FrameDecoder}, {@link
 * io.tenure.protocol.FrameEncoder}, then {@link io.tenure.protocol.ConnectHandshake} or {@link
 * io.tenure.protocol.AcceptHandshake}, which tells by a {@link io.tenure.protocol.HandshakeEvent} how it ended and leaves, then
 * whoever uses the messages.
 */
package io.tenure.protocol;
