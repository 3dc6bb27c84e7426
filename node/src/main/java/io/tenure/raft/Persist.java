package io.tenure.raft;

import java.util.List;

/**
 * One write for the journal, the sum of what the core changed since the last one. Order within it: truncate, append,
 * hard state; completion is told by {@link Input.Persisted} with {@code seq} (or a later one) once all of it is forced.
 *
 * @param seq 1, 2, 3, ...; a sequence number, not an index: an index can be written twice (DESIGN.md, D2)
 * @param hardState to be written to {@code metadata.txt}, or null if unchanged (also set to prove an idle disk, D11)
 * @param truncateFrom first index to cut away before appending, or 0
 * @param firstIndex index of the first of {@code entries}; the journal ends at {@code firstIndex - 1} by then
 * @param entries to append, maybe none
 * @param install position of a snapshot that was received and verified: before anything else of this write, it takes the place
 *     of the whole log, which goes on after it; or null
 */
public record Persist(
        long seq, HardState hardState, long truncateFrom, long firstIndex, List<Entry> entries, EntryId install) {}
