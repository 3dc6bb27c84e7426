package io.tenure.journal;

/**
 * Whose folder it is.
 *
 * @param clusterId name of the cluster, any text
 * @param nodeId 0 or more
 */
public record Identity(String clusterId, int nodeId) {
    @Override
    public String toString() {
        return "node " + nodeId + " of cluster '" + clusterId + "'";
    }
}
