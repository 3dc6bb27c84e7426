/**
 * A cluster across regions, measured from each of them: on this machine behind an emulated network
 * ({@link io.tenure.bench.geo.Wan}), or on hosts. Every figure is held against what the distances allow.
 */
package io.tenure.bench.geo;
