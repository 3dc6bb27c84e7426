package io.tenure.history;

import java.util.Objects;

/**
 * One operation of a client, inner retries included.
 *
 * @param value what was written or read; null for a read that found nothing, or whose answer never came
 * @param invoke when the client asked, in nanoseconds on a clock that all clients share
 * @param returned when it had its answer, on the same clock; {@link #NEVER} if the outcome is unknown
 * @param client who asked; operations of one client have no order among themselves but that of time
 */
public record Operation(
        String key, Kind kind, String value, long invoke, long returned, Outcome outcome, String client) {

    /** Return time of an operation that may take effect at any later time. */
    public static final long NEVER = Long.MAX_VALUE;

    /** What was asked for. */
    public enum Kind {
        READ,
        WRITE
    }

    /** What the client was told. */
    public enum Outcome {
        /** Done. */
        OK,
        /** Certainly not done: must never be seen. */
        FAIL,
        /** A write of this outcome takes effect at some time after its invocation, or never. */
        UNKNOWN
    }

    /** Checks that the fields fit each other. */
    public Operation {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(client, "client");
        if (kind == Kind.WRITE && value == null) {
            throw new IllegalArgumentException("a write of no value");
        }
        if (outcome == Outcome.OK && returned == NEVER) {
            throw new IllegalArgumentException("done, but without a time of return");
        }
        if (returned < invoke) {
            throw new IllegalArgumentException("returned at " + returned + ", before it was invoked at " + invoke);
        }
    }

    /** A write that was acknowledged. */
    public static Operation write(String client, String key, String value, long invoke, long returned) {
        return new Operation(key, Kind.WRITE, value, invoke, returned, Outcome.OK, client);
    }

    /** A read that was answered; {@code value} is null if the key was absent. */
    public static Operation read(String client, String key, String value, long invoke, long returned) {
        return new Operation(key, Kind.READ, value, invoke, returned, Outcome.OK, client);
    }

    /** A write of unknown outcome. */
    public static Operation unknownWrite(String client, String key, String value, long invoke) {
        return new Operation(key, Kind.WRITE, value, invoke, NEVER, Outcome.UNKNOWN, client);
    }

    /** A write that was refused for good. */
    public static Operation failedWrite(String client, String key, String value, long invoke, long returned) {
        return new Operation(key, Kind.WRITE, value, invoke, returned, Outcome.FAIL, client);
    }

    /** Whether this is a write that may have taken effect. */
    boolean mayTakeEffect() {
        return kind == Kind.WRITE && outcome != Outcome.FAIL;
    }

    /** Whether this is a read that tells something. */
    boolean isAnsweredRead() {
        return kind == Kind.READ && outcome == Outcome.OK;
    }

    /** Latest time at which it had taken effect, if it did: its return, or {@link #NEVER}. */
    long effectiveBy() {
        return outcome == Outcome.UNKNOWN ? NEVER : returned;
    }

    @Override
    public String toString() {
        String what = kind == Kind.WRITE ? "write of " : "read of ";
        String until = returned == NEVER ? "never" : Long.toString(returned);
        String told = outcome == Outcome.OK ? "" : ", " + outcome;
        return client + "'s " + what + (value == null ? "nothing" : value) + " [" + invoke + ", " + until + told + "]";
    }
}
