package io.tenure.sim;

/** An invariant does not hold: the simulated system is wrong, or the invariant is. */
public final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String invariant;

    /** {@code invariant} is broken, as {@code what} says. */
    public Violation(String invariant, String what) {
        super(invariant + ": " + what);
        this.invariant = invariant;
    }

    /** Name of the invariant that is broken. */
    public String invariant() {
        return invariant;
    }
}
