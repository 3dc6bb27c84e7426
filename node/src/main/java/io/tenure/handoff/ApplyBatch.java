package io.tenure.handoff;

import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import io.tenure.raft.Output;
import java.util.List;

/**
 * What the raft agent hands the applier in one turn; done in this order: an installed snapshot, entries, a snapshot to begin,
 * then writes to answer, then reads.
 *
 * @param term term of the node at that moment
 * @param leaderId leader of that term as far as known
 * @param leader whether this node led when they were committed (dump.txt tells the two apart)
 * @param firstIndex index of the first of {@code entries}
 * @param install last entry of a snapshot that has taken the place of all before, or null
 * @param snapshot a snapshot to begin after {@code entries}, or null
 * @param writes tickets to answer; their entries are among these or earlier ones
 * @param reads reads to answer from the state after {@code entries}
 */
public record ApplyBatch(
        long term,
        int leaderId,
        boolean leader,
        long firstIndex,
        EntryId install,
        List<Entry> entries,
        SnapshotOrder snapshot,
        List<Output.Ready> writes,
        List<Read> reads) {
    /** A read that ReadIndex has confirmed; {@code index} is applied by the time it is answered. */
    public record Read(long ticket, String key, long index) {}
}
