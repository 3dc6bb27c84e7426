package io.tenure.client;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Every known node's view of itself, asked at about the same time.
 *
 * @param cluster id of the cluster, empty if no node answered
 * @param leader id of the node that leads in the largest term, if one does
 * @param nodes by id, those of unknown id last
 */
public record ClusterStatus(String cluster, OptionalInt leader, List<Node> nodes) {
    /** Keeps a copy of the list. */
    public ClusterStatus {
        nodes = List.copyOf(nodes);
    }

    /**
     * One node. Without a report it was unreachable.
     *
     * @param id empty if neither the node nor another one has told it
     * @param address host:port by which it was asked
     * @param error why there is no report, empty if there is one
     */
    public record Node(OptionalInt id, String address, Optional<Report> report, String error) {}

    /**
     * What a node says of itself.
     *
     * @param role LEADER, FOLLOWER or CANDIDATE
     * @param leader id of the leader that it knows, -1 if none
     * @param leaseLeftMillis of its own lease, -1 if it has none
     * @param timing as it is now, as it may change by itself; empty if the node is too old to tell
     * @param trouble what keeps it from doing all its work, a full disk say; empty if nothing does
     */
    public record Report(
            String role,
            long term,
            int leader,
            long leaseLeftMillis,
            long lastIndex,
            long commitIndex,
            long appliedIndex,
            Optional<Timing> timing,
            String trouble) {}

    /**
     * Heartbeat, lease and election timeout of a node.
     *
     * @param leaseMillis that it asks for if it leads
     */
    public record Timing(
            long heartbeatMillis, long leaseMillis, long electionTimeoutMinMillis, long electionTimeoutMaxMillis) {}
}
