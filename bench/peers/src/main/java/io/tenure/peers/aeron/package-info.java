/** Aeron Cluster, forced to disk: a replicated map as its clustered service, asked through its own client. */
package io.tenure.peers.aeron;
