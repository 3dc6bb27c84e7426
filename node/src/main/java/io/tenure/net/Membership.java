package io.tenure.net;

import io.tenure.protocol.HostPort;
import java.util.SortedMap;

/**
 * This node and its peers.
 *
 * @param peerAddresses where peers are reached; this node's own entry is not used
 * @param known shared by server and links
 */
public record Membership(NodeIdentity self, SortedMap<Integer, HostPort> peerAddresses, KnownPeers known) {}
