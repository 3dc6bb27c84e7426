/** SOFAJRaft: a replicated map on its library, asked through the transport that it brings along. */
package io.tenure.peers.jraft;
