/**
 * Tenure beside other systems: the same load on each, one after the other and again, in one run. Every system's nodes are
 * processes, and so is its client: a {@link Driver} that carries out the orders of a {@link Comparison}. Nothing here knows
 * the other systems; they are in a program of their own, {@code peers.jar}, which tells how they are started.
 */
package io.tenure.bench.compare;
