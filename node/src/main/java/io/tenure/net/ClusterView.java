package io.tenure.net;

import io.tenure.protocol.HostPort;
import java.util.SortedMap;

/**
 * What a node tells clients of its cluster.
 *
 * @param nodeId this node
 * @param clientAddresses of all members, this one included: where clients reach them, as advertised
 */
public record ClusterView(String clusterId, int nodeId, SortedMap<Integer, HostPort> clientAddresses) {}
