/**
 * The six situations by which the assignment is judged (LEASE.md, 1.5), played with real node processes: for a test with
 * short timings, and for a person with those of the assignment.
 */
package io.tenure.bench.scenarios;
