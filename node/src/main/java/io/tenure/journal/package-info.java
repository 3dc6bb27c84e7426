/**
 * What is on disk: {@code logs.txt}, {@code logs.idx}, {@code metadata.txt}, snapshots and recovery, all of it through
 * the seam that lets a simulation replace the disk.
 */
package io.tenure.journal;
