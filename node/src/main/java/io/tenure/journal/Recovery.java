package io.tenure.journal;

import io.tenure.handoff.KnownPeer;
import io.tenure.raft.EntryId;
import io.tenure.raft.HardState;
import io.tenure.raft.RaftLog;
import java.util.List;

/**
 * What a journal held when it was opened.
 *
 * @param hardState term at least that of the last entry
 * @param commitIndex entries up to here are known to be committed; later ones may be as well
 * @param log all entries after its base; committed ones past the window's limit are on disk only
 * @param snapshot position of the last entry that the snapshot includes, {@link EntryId#NONE} if there is no snapshot; at
 *     least the log's base
 * @param tagsLostUpTo last index whose session and number were lost in a power failure, here or where the snapshot comes
 *     from, now or earlier; 0 if none
 * @param bootCount how often the folder was opened, this time included
 * @param incarnation drawn when the folder was made, never 0
 * @param peers the folder and boot count that each peer was last seen with
 */
public record Recovery(
        HardState hardState,
        long commitIndex,
        RaftLog log,
        EntryId snapshot,
        long tagsLostUpTo,
        long bootCount,
        long incarnation,
        List<KnownPeer> peers) {}
