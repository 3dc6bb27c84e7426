/**
 * The Netty servers, the links to peers, and the way from a ticket back to the channel that waits for its answer.
 */
package io.tenure.net;
