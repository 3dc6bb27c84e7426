package io.tenure.journal;

/**
 * A folder can't be used: damaged, of another node, or in use. For people: the message names file, line and the way out,
 * and nothing in the folder was repaired or cut.
 */
public final class JournalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Makes the error. */
    public JournalException(String message) {
        super(message);
    }

    /** Makes the error. */
    public JournalException(String message, Throwable cause) {
        super(message, cause);
    }
}
