package io.tenure.journal;

import io.tenure.raft.EntryId;

/**
 * A piece of a snapshot file, for a peer.
 *
 * @param last which snapshot: position of the last entry that it includes
 * @param totalBytes size of the file
 * @param offset where in the file the piece begins; may differ from what was asked for
 * @param bytes never written again; empty at the end of the file
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
public record SnapshotChunk(EntryId last, long totalBytes, long offset, byte[] bytes) {}
