package io.tenure.handoff;

import io.tenure.raft.EntryId;

/**
 * The snapshot stage has written a snapshot, which the journal may adopt, or has given one up.
 *
 * @param bytes its size; 0 if it was given up
 */
public record WrittenSnapshot(EntryId last, long bytes) {}
