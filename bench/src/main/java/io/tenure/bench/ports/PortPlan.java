package io.tenure.bench.ports;

/**
 * How the ports are fuzzed.
 *
 * @param frames at each of the two ports, over all nodes
 * @param warmUpFrames at each port before the nodes are measured for the first time
 * @param seed of everything that is sent
 */
public record PortPlan(long frames, long warmUpFrames, long seed) {}
