package io.tenure.net;

import io.tenure.protocol.Limits;
import io.tenure.raft.EntryId;

/** What every field of a peer's message must satisfy; a complaint names the message, the field and what is allowed. */
final class Checks {
    /** Indexes stay below it, so that nobody's sums overflow. */
    private static final long INDEX_MAX = Long.MAX_VALUE / 2;

    /** No cluster gets there by elections; a larger one would be durable, and leave no room for the next. */
    private static final long TERM_MAX = Integer.MAX_VALUE - 1;

    private Checks() {}

    static void term(String what, long term) throws MalformedFrameException {
        atLeast(what, "term", term, 0);
        if (term > TERM_MAX) {
            throw malformed(what, "term " + term + " is above " + TERM_MAX);
        }
    }

    static EntryId id(String what, String field, long index, long term) throws MalformedFrameException {
        index(what, field + "_index", index);
        atLeast(what, field + "_term", term, -1);
        if ((index == EntryId.NONE.index()) != (term == EntryId.NONE.term())) {
            throw malformed(
                    what,
                    field + "_index " + index + " with " + field + "_term " + term
                            + "; index 0 and term -1 belong together");
        }
        return new EntryId(index, term);
    }

    static void index(String what, String field, long index) throws MalformedFrameException {
        if (index < 0 || index > INDEX_MAX) {
            throw malformed(what, field + " " + index + " is not in 0.." + INDEX_MAX);
        }
    }

    static void millis(String what, String field, long millis) throws MalformedFrameException {
        if (millis < 0 || millis > Limits.LEASE_MILLIS_MAX) {
            throw malformed(what, field + " " + millis + " is not in 0.." + Limits.LEASE_MILLIS_MAX);
        }
    }

    static void atLeast(String what, String field, long value, long least) throws MalformedFrameException {
        if (value < least) {
            throw malformed(what, field + " " + value + " is below " + least);
        }
    }

    static MalformedFrameException malformed(String what, String problem) {
        return new MalformedFrameException(what + ": " + problem);
    }
}
