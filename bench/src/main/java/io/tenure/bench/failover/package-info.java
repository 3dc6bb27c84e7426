/**
 * Failovers under load: the leader's process is killed or stopped again and again while clients overwrite and read shared
 * keys; then what they were told is held against the logs.
 */
package io.tenure.bench.failover;
