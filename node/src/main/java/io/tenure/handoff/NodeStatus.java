package io.tenure.handoff;

import io.tenure.raft.Role;
import io.tenure.raft.Timing;

/**
 * How a node sees itself, published by the raft agent.
 *
 * @param leader node id, or {@link Reply#NO_LEADER}
 * @param leaseEndNanos end of the lease on this node's clock; meaningless unless {@code leased}
 * @param disk room on this node's disk
 * @param timing heartbeat, lease and election timeout as they are now; null before that is known
 */
public record NodeStatus(
        Role role,
        long term,
        int leader,
        boolean leased,
        long leaseEndNanos,
        long lastIndex,
        long commitIndex,
        DiskSpace disk,
        Timing timing) {}
