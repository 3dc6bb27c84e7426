package io.tenure.journal;

/**
 * The disk failed while the node ran. Final: what is on disk is unknown, so nothing is retried and the node stops
 * (DESIGN.md, D5). A restart finds out what survived.
 */
public final class JournalFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Makes the error. */
    public JournalFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
