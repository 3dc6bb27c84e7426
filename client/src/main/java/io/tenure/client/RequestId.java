package io.tenure.client;

import io.tenure.client.logic.WriteId;
import java.util.Objects;

/**
 * Names one write for ever, with what it writes. Asked for again by {@link TenureClient#ask}, from this client or any
 * other, it takes effect once, however often it is sent.
 *
 * @param session issued by a leader
 * @param birthIndex issued with the session
 * @param number of the write within the session
 */
public record RequestId(long session, long birthIndex, long number, String key, String value) {
    /** Refuses what no write can have. */
    public RequestId {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(value, "value");
        if (session == 0 || number < 1) {
            throw new IllegalArgumentException("a request id has a session and a number from 1");
        }
    }

    WriteId writeId() {
        return new WriteId(session, birthIndex, number);
    }

    /** Without the value, which may be long. */
    @Override
    public String toString() {
        return Long.toHexString(session) + "/" + number + " (SET " + key + ")";
    }
}
