package io.tenure.client.logic;

/**
 * Names one write for ever: sent again under the same name it takes effect once (DESIGN.md, D6).
 *
 * @param session issued by a leader, never 0
 * @param birthIndex issued with the session
 * @param number of the write within the session, from 1
 */
public record WriteId(long session, long birthIndex, long number) {}
