/**
 * A node's network: the ports for peers and clients, the links to peers, and the way from a ticket back to the connection
 * that waits for its answer.
 *
 * <p>Everything lives on one event loop. Two things are called from elsewhere: {@link io.tenure.net.PeerLinks#send} and its
 * flush, from the raft agent's thread, and bells and stops of {@link io.tenure.net.NettyStageRunner}, from any. In {@code
 * threading: shared} the raft agent's thread is the event loop itself; nothing here cares which it is.
 *
 * <p>{@link io.tenure.net.PeerCodec}, {@link io.tenure.net.ClientGateway} and {@link io.tenure.net.LeaseRead} see no Netty types,
 * so that the simulator runs them as they are. Imports {@code raft}, {@code handoff} and {@code protocol}; never the journal
 * or the store, which it reads through {@link io.tenure.handoff.StoreReader}.
 */
package io.tenure.net;
