/** Apache Ratis: a replicated map on its library, asked through its own client. */
package io.tenure.peers.ratis;
