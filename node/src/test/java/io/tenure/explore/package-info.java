/**
 * Exhaustive exploration of the real core at small scope (DESIGN.md, D1; LEASE.md, 3.12): every order in which messages
 * arrive, arrive again or are lost, timers fire, time passes, disks answer and nodes crash, with the invariants checked in
 * every state.
 *
 * <p>Nodes share nothing, so a state is three nodes, the messages on their way, and as much of the past as the invariants need
 * ({@link io.tenure.explore.History}). What one node does on one event is found out by running the core, once, and remembered
 * ({@link io.tenure.explore.LocalStates}); the search ({@link io.tenure.explore.Explorer}) only puts numbers together. What
 * makes the number of states bearable, and why it is sound:
 *
 * <ul>
 *   <li>States of a node are equal if all that can decide what it does is ({@link io.tenure.explore.CanonicalForm}).
 *   <li>Messages stay on their way after they have arrived. That is every number of duplicates, and a loss is a message that
 *       never arrives: so one step covers arrival, loss and duplication, and more can happen than in any real network.
 *   <li>A state with more messages on their way, and more left of the scope, covers one with less: whatever can happen from the
 *       second can happen from the first ({@link io.tenure.explore.StateSet}).
 *   <li>Messages that can do nothing any more, whatever happens, are dropped (LocalStates.isDead).
 *   <li>Nodes that differ in name alone are interchangeable. A renamed state is one that the real core comes to under the
 *       renamed events; that none is missing is tested by counting.
 *   <li>A crash and the restart after it are one step: a node that is down is one to which nothing happens.
 *   <li>Election timers may fire at any time; real ones fire less often. The same goes for pre-votes that are all given.
 * </ul>
 *
 * <p>Out of scope: more than one input in a turn of the raft agent, entries that are in no memory, snapshots, stalled disks
 * (D11), a leader's proof of its disk, and links that are known to be lost.
 */
package io.tenure.explore;
