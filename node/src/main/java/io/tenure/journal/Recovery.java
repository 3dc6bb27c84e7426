package io.tenure.journal;

import io.tenure.raft.HardState;
import io.tenure.raft.RaftLog;

/**
 * What a journal held when it was opened.
 *
 * @param hardState term at least that of the last entry
 * @param commitIndex entries up to here are known to be committed; later ones may be as well
 * @param log all entries; committed ones past the window's limit are on disk only
 * @param tagsLostUpTo last index whose session and number were lost in a power failure, now or earlier; 0 if none
 * @param bootCount how often the folder was opened, this time included
 * @param incarnation drawn when the folder was made, never 0
 */
public record Recovery(
        HardState hardState, long commitIndex, RaftLog log, long tagsLostUpTo, long bootCount, long incarnation) {}
