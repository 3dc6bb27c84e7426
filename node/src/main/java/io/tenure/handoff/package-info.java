/**
 * Rings and completion counters, by which one stage hands work to the next and learns that it is done.
 */
package io.tenure.handoff;
