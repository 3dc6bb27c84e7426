/**
 * Fuzzing: what comes from outside a node (frames, files, settings) is thrown at the code that reads it, by a fuzzer that
 * is guided by coverage, and at running nodes. {@link io.tenure.fuzz.FuzzTarget} lists the targets, {@code node/fuzz.sh}
 * runs one for long, {@link io.tenure.fuzz.Corpus} keeps the inputs worth keeping as text.
 */
package io.tenure.fuzz;
