package io.tenure.client;

/**
 * Leadership was moved, or was there already.
 *
 * @param leader node that leads
 * @param term in which it does
 */
public record TransferResult(int leader, long term) {}
