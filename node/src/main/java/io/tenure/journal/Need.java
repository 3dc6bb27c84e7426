package io.tenure.journal;

/** What a damaged folder lacks, and a peer may have. */
public sealed interface Need {
    /** Entries whose line or index record is damaged or missing, although they were safely on disk. */
    record Entries(long firstIndex, long lastIndex) implements Need {}

    /**
     * A snapshot.
     *
     * @param lowestIndex the last entry that it includes must be this one or a later one
     */
    record Snapshot(long lowestIndex) implements Need {}
}
