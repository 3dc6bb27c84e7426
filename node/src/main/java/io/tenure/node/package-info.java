/**
 * A node put together: main, settings, wiring, the loop that drives the core, {@code dump.txt} and metrics.
 */
package io.tenure.node;
