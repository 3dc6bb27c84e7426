package io.tenure.peers;

import java.io.IOException;

/** The request certainly took no effect. */
public final class NotDoneException extends IOException {
    private static final long serialVersionUID = 1;

    /** Says why. */
    public NotDoneException(String message) {
        super(message);
    }
}
