/**
 * One log line and its index record: how they are formatted, parsed and hashed.
 */
package io.tenure.entry;
