/** Random and mutated frames at the ports of running nodes, and what the nodes are like afterwards. */
package io.tenure.bench.ports;
