package io.tenure.journal;

/**
 * What was safely on disk has changed, or is gone. {@link Repair} may help; until then nobody may act as if it had never been
 * there.
 */
public final class DamagedException extends JournalException {
    private static final long serialVersionUID = 1L;

    DamagedException(String message) {
        super(message);
    }
}
