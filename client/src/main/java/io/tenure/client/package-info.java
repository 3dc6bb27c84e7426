/**
 * The client SDK: reads and writes string keys, follows leader changes and resends until it is answered. Begin with
 * {@link io.tenure.client.TenureClient}.
 *
 * <p>One daemon thread a client, an event loop of Netty, does everything; callers hand it their calls and get futures.
 * What it decides is in {@link io.tenure.client.logic}; this package adds the clock, the connections and the thread.
 */
package io.tenure.client;
