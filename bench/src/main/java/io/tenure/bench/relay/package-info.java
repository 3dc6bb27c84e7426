/**
 * A network between places, made of TCP relays on this machine: delay, jitter, bandwidth and cuts for each direction
 * between two places, switched at run time. It needs no privileges and carries what any program sends.
 */
package io.tenure.bench.relay;
