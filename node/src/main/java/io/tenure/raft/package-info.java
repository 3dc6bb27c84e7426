/**
 * The core: a pure, deterministic, single-threaded state machine of Raft with leader leases. It knows no clock, no
 * thread, no file and no message format; everything that happens is an argument, everything it wants done is a result.
 */
package io.tenure.raft;
