package io.tenure.history;

/**
 * What the judge found.
 *
 * @param reason what is wrong, for a person; empty if nothing is
 */
public record Verdict(Kind kind, String reason) {
    /** The possible ends of a check; only {@link #LINEARIZABLE} is a success. */
    public enum Kind {
        LINEARIZABLE,
        /** No order of the operations explains what clients saw. */
        VIOLATION,
        /** The search met its bound. */
        UNDECIDED,
        /** Too little happened to prove anything. */
        IDLE
    }

    static final Verdict GOOD = new Verdict(Kind.LINEARIZABLE, "");

    static Verdict violation(String reason) {
        return new Verdict(Kind.VIOLATION, reason);
    }

    /** Whether the history proves what it should. */
    public boolean isGood() {
        return kind == Kind.LINEARIZABLE;
    }

    @Override
    public String toString() {
        return reason.isEmpty() ? kind.toString() : kind + ": " + reason;
    }
}
