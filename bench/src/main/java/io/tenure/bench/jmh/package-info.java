/**
 * Microbenchmarks, run by {@code benchmarks.jar}.
 */
package io.tenure.bench.jmh;
