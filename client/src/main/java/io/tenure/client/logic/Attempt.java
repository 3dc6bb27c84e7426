package io.tenure.client.logic;

/** An operation, sent once. */
record Attempt(long requestId, Operation operation, Node node, long sentAtNanos) {
    /** There are no two equal attempts. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(requestId);
    }
}
