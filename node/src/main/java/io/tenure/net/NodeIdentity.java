package io.tenure.net;

/**
 * Who a node is, as it says in handshakes.
 *
 * @param incarnation drawn when its data folder was made; another folder is another incarnation
 * @param bootCount how often it has started out of that folder
 * @param bootId drawn at this start, never 0; 0 while it repairs its files, before it has started
 * @param rejoining whether it started having forgotten what it voted for, promised and acknowledged
 */
public record NodeIdentity(
        String clusterId, int nodeId, long incarnation, long bootCount, long bootId, boolean rejoining) {}
