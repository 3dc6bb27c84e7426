package io.tenure.net;

/**
 * Who a node is, as it says in handshakes.
 *
 * @param incarnation drawn when its data folder was made; another folder is another incarnation
 * @param bootCount how often it has started out of that folder
 */
public record NodeIdentity(String clusterId, int nodeId, long incarnation, long bootCount) {}
