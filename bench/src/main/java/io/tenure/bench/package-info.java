/**
 * Measuring: the load generator, the microbenchmarks, WAN emulation, and the same load on comparable systems.
 */
package io.tenure.bench;
