package io.tenure.client;

/** What a client knows about a write that it asked for. */
public enum Outcome {
    /** The write is done. */
    DONE,
    /** The write is certainly not done, and will not be: every attempt was refused before it reached a log. */
    NOT_DONE,
    /** The write may or may not be done. Asking again with the same request is safe. */
    UNKNOWN
}
