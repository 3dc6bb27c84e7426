/**
 * A simulated world: nodes that are started through the same wiring as in production, under one seeded virtual clock, on
 * simulated disks and a simulated network, with clients, faults, and invariants that are checked after every step. The
 * same seed tells the same story, bit for bit.
 *
 * <p>Single-threaded; different seeds may run side by side, as worlds share nothing.
 */
package io.tenure.sim;
