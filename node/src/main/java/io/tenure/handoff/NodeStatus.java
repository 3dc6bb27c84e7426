package io.tenure.handoff;

import io.tenure.raft.Lease;
import io.tenure.raft.Raft;
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
        Timing timing) {
    /** As the core sees it; {@code lease} is null if there is none. */
    public static NodeStatus of(Raft raft, Lease lease, DiskSpace disk) {
        return new NodeStatus(
                raft.role(),
                raft.currentTerm(),
                raft.leader(),
                lease != null,
                lease == null ? 0 : lease.endNanos(),
                raft.log().lastIndex(),
                raft.commitIndex(),
                disk,
                raft.timing());
    }
}
