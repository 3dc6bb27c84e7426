package io.tenure.client;

/** An operation without success. Its kind says what is known of its effect; its message says why. */
public abstract sealed class TenureException extends RuntimeException
        permits NotDoneException, OutcomeUnknownException, InvalidRequestException {
    private static final long serialVersionUID = 1L;

    private final int node;
    private final long term;

    TenureException(String message, int node, long term, Throwable cause) {
        super(message, cause);
        this.node = node;
        this.term = term;
    }

    /** Id of the node that answered last, -1 if none did. */
    public int node() {
        return node;
    }

    /** Term of that answer, -1 if there was none. */
    public long term() {
        return term;
    }
}
