package io.tenure.client;

import java.util.Optional;

/**
 * The write may have taken effect, or may still, or never. {@link TenureClient#ask} finds out and makes sure that it is
 * done, once.
 */
public final class OutcomeUnknownException extends TenureException {
    private static final long serialVersionUID = 1L;

    private final transient RequestId requestId;

    OutcomeUnknownException(String message, int node, long term, RequestId requestId, Throwable cause) {
        super(message, node, term, cause);
        this.requestId = requestId;
    }

    /** What to ask again with; empty only if the caller stopped waiting (interrupted, say) or the client broke. */
    public Optional<RequestId> requestId() {
        return Optional.ofNullable(requestId);
    }
}
