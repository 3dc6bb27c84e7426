/**
 * Real node processes on this machine: started, killed, stopped and continued for tests and for {@code bench.jar}. A
 * process is signalled only by the id under which it was started here. Traffic stays on the loopback address.
 */
package io.tenure.bench.process;
