package io.tenure.client;

/** Certainly not done, and will not be: no attempt reached a log, or it was a read. It may simply be tried again. */
public final class NotDoneException extends TenureException {
    private static final long serialVersionUID = 1L;

    NotDoneException(String message, int node, long term, Throwable cause) {
        super(message, node, term, cause);
    }
}
