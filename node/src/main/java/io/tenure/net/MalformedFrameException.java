package io.tenure.net;

/** A peer sent what no correct peer sends. The message says what; the connection closes, the core never sees it. */
public final class MalformedFrameException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Makes one with a sentence for the log. */
    public MalformedFrameException(String message) {
        super(message);
    }
}
