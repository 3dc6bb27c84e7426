package io.tenure.client.logic;

/** An operation, sent once. */
final class Attempt {
    private final long requestId;
    private final Operation operation;
    private final Node node;
    private final long sentAtNanos;

    Attempt(long requestId, Operation operation, Node node, long sentAtNanos) {
        this.requestId = requestId;
        this.operation = operation;
        this.node = node;
        this.sentAtNanos = sentAtNanos;
    }

    long requestId() {
        return requestId;
    }

    Operation operation() {
        return operation;
    }

    Node node() {
        return node;
    }

    long sentAtNanos() {
        return sentAtNanos;
    }
}
