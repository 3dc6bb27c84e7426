/**
 * Histories of client operations, as {@code bench load --history} and the simulator record them, and the judge of whether
 * a history is linearizable: every operation seems to take effect at one instant between its invocation and its return.
 *
 * <p>Single-threaded, deterministic; imports nothing of Tenure.
 */
package io.tenure.history;
