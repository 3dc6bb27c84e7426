/**
 * Failovers under load: the leader is killed, stopped, suspended, cut off or replaced again and again while clients write and
 * read; how long they wait is measured, and what they were told is held against the logs. A {@link
 * io.tenure.bench.failover.Testbed} is all that a scenario knows of how the cluster was started.
 */
package io.tenure.bench.failover;
