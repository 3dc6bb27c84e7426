/**
 * Faults on real node processes under load: signals, links, files and disks, drawn from a seed, and what clients and logs
 * tell of them.
 */
package io.tenure.bench.chaos;
