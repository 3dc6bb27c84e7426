package io.tenure.client;

/**
 * A write that is done.
 *
 * @param node id of the node that confirmed it
 * @param term of that node then
 * @param index of the write in the replicated log; a later write has a larger one
 */
public record WriteResult(int node, long term, long index) {}
