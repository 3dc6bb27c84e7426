/**
 * Microbenchmarks, run by {@code benchmarks.jar}: what a commit takes, as a whole ({@code CommitBenchmark}) and stage by stage
 * (encode, ring hop, append and force, replicate, apply); group commit by the size of the group; the lease read; the frame codec;
 * text against a binary baseline; recovery. Whatever forces does so below the folder that {@code -p folder=DIR} names, on a real disk.
 * {@code ResultComparison} holds two result files against each other. Nothing here uses test code.
 */
package io.tenure.bench.jmh;
