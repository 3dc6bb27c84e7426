package io.tenure.journal;

import java.io.IOException;

/**
 * The disk has no room for what was to be written; part of it may have been. Unlike other errors this one passes: whoever
 * cuts the file back to what it was may try again later. An error of a force is never this one.
 */
public final class DiskFullException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Makes the error. */
    public DiskFullException(String message) {
        super(message);
    }

    /** Makes the error, of what the system said. */
    public DiskFullException(String message, IOException cause) {
        super(message, cause);
    }
}
