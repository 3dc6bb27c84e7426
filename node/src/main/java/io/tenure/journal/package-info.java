/**
 * What is on disk: {@code logs.txt}, {@code logs.idx}, {@code metadata.txt}, snapshots and recovery, all of it through
 * the seam that lets a simulation replace the disk.
 *
 * <p>{@link io.tenure.journal.Journal} is confined to the thread that runs {@link io.tenure.journal.LogAgent};
 * {@link io.tenure.journal.Disk} may be used by any. The rules are those of DESIGN.md, D2 to D5: nothing is acknowledged
 * before it is forced, what was forced is never cut by a guess, and an error of the disk is final.
 */
package io.tenure.journal;
