package io.tenure.handoff;

import io.tenure.raft.EntryId;

/**
 * What stands at the beginning of a snapshot.
 *
 * @param last position of the last entry that it includes
 * @param leasePromisedMillisMax longest lease that the node which wrote it had promised (LEASE.md, 3.8)
 * @param evictedUpTo mark of evicted sessions, at most {@code last.index()} (DESIGN.md, D6)
 * @param tagsLostUpTo mark of lost tags, at most {@code last.index()}
 */
public record SnapshotHeader(EntryId last, long leasePromisedMillisMax, long evictedUpTo, long tagsLostUpTo) {}
