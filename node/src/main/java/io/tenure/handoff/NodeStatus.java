package io.tenure.handoff;

import io.tenure.raft.Role;

/**
 * How a node sees itself, published by the raft agent.
 *
 * @param leader node id, or {@link Reply#NO_LEADER}
 * @param leaseEndNanos end of the lease on this node's clock; meaningless unless {@code leased}
 * @param disk room on this node's disk
 */
public record NodeStatus(
        Role role,
        long term,
        int leader,
        boolean leased,
        long leaseEndNanos,
        long lastIndex,
        long commitIndex,
        DiskSpace disk) {}
