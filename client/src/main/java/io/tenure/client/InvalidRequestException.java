package io.tenure.client;

/** Certainly not done, and never will be: the message names the rule and the limit that the request breaks. */
public final class InvalidRequestException extends TenureException {
    private static final long serialVersionUID = 1L;

    InvalidRequestException(String message, int node, long term) {
        super(message, node, term, null);
    }
}
