/**
 * The {@code kv} command, a thin layer over the SDK: one command a run, or a shell. Exit codes: 0 done, 1 refused or bad
 * usage, 2 certainly not done, 3 outcome unknown.
 */
package io.tenure.cli;
