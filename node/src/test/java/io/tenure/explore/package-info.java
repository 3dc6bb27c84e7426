/**
 * Exhaustive exploration of the real core at small scope (DESIGN.md, D1; LEASE.md, 3.12): every order in which messages
 * arrive or are lost, timers fire, time passes, disks answer and nodes crash, with the invariants checked in every state.
 *
 * <p>Nodes share nothing, so a state is three nodes and the messages between them. What one node does on one event is found
 * out by running the core, once, and remembered ({@link io.tenure.explore.LocalStates}); the search itself
 * ({@link io.tenure.explore.Explorer}) only puts numbers together.
 */
package io.tenure.explore;
