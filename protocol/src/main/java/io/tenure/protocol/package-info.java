/**
 * What goes over the wire: length-prefixed protobuf frames, their limits, and the Netty handlers that encode and
 * decode them. The messages themselves are generated from {@code peer.proto} and {@code client.proto}.
 */
package io.tenure.protocol;
