package io.tenure.raft;

/**
 * What a node starts from, as its journal recovered it: all of it durable.
 *
 * @param commitIndex up to here the log is known committed, and already given to the state machine
 */
public record Recovered(HardState hardState, long commitIndex, RaftLog log) {}
