/**
 * One log line and its index record: how they are formatted, parsed and hashed. Nothing here knows files or threads;
 * the encoder, the parser and the record are reusable and each confined to one thread at a time.
 */
package io.tenure.entry;
