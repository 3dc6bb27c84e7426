package io.tenure.client.logic;

import io.tenure.protocol.proto.HelloReply;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What the client knows of one address. Collections keep insertion order: it decides the order of resends. */
final class Node {
    enum State {
        IDLE,
        CONNECTING,
        CONNECTED
    }

    static final long NEVER = Long.MAX_VALUE;
    /**
     * Silence, at least, after which others are asked: longer than a healthy node ever pauses, and so short that the next leader,
     * elected after no less than 400 ms by default, is found as soon as it is there.
     */
    private static final long MUTE_NANOS_MIN = 250_000_000;
    /** The same, in latencies. */
    private static final int MUTE_LATENCIES = 4;
    /** Answers after which a slow one hardly counts any more. */
    private static final int LATENCY_MEMORY = 8;

    final int position;
    final String address;

    /** As the node said in its handshake, -1 before. */
    int id = -1;

    State state = State.IDLE;
    /** Meaningless while idle. */
    int connection;
    /** When to give up connecting; for a connection, when to give it up unless something is heard. */
    long giveUpAtNanos = NEVER;

    /** When nothing will have been heard for so long that whoever waits should ask others. */
    long muteAtNanos = NEVER;

    long lastHeardNanos = Long.MIN_VALUE;
    /** What an answer took of late at most, 0 if there was none on this connection. */
    private long latencyNanos;
    /** Failures since it last answered anything. */
    int failures;
    /** No connection is tried before. */
    long retryAtNanos = Long.MIN_VALUE;
    /** Silent time-outs since it last answered anything. */
    int suspicions;
    /** Hints to it are not followed before. */
    long suspectUntilNanos = Long.MIN_VALUE;
    /** Why the last connection failed, or null. */
    String lastError;

    /** Smoothed; 0 until measured. */
    private long roundTripNanos;

    int keyBytesMax;
    int valueBytesMax;

    /** Unanswered requests on this connection. */
    final Map<Long, Attempt> attempts = new LinkedHashMap<>();
    /** Operations meant for this very node that wait for the connection. */
    final Set<Operation> waiting = new LinkedHashSet<>();

    Node(int position, String address) {
        this.position = position;
        this.address = address;
    }

    /** When it may be chosen as the one to ask. */
    long availableAtNanos() {
        return state == State.IDLE ? Math.max(retryAtNanos, suspectUntilNanos) : suspectUntilNanos;
    }

    /** A round trip that the node answers at once was measured. */
    void measured(long nanos) {
        roundTripNanos = roundTripNanos == 0 ? Math.max(1, nanos) : (7 * roundTripNanos + nanos) / 8;
    }

    /** Of late; 0 if it was never measured. */
    long roundTripNanos() {
        return roundTripNanos;
    }

    void connecting(int newConnection, long newGiveUpAtNanos) {
        state = State.CONNECTING;
        connection = newConnection;
        giveUpAtNanos = newGiveUpAtNanos;
    }

    void connected(long now, HelloReply hello) {
        state = State.CONNECTED;
        giveUpAtNanos = NEVER;
        lastHeardNanos = now;
        latencyNanos = 0;
        id = hello.getNodeId();
        keyBytesMax = hello.getKeyBytesMax();
        valueBytesMax = hello.getValueBytesMax();
        lastError = null;
    }

    void sent(Attempt attempt, long silenceNanosMax) {
        attempts.put(attempt.requestId(), attempt);
        listen(attempt.sentAtNanos());
        if (giveUpAtNanos == NEVER) {
            giveUpAtNanos = attempt.sentAtNanos() + silenceNanosMax;
        }
    }

    /** An answer is waited for from now on, if none was before. */
    void listen(long now) {
        if (muteAtNanos == NEVER) {
            muteAtNanos = muteAtNanos(now);
        }
    }

    /** Long after an answer should have come, by what answers took so far; never if there was none. */
    private long muteAtNanos(long now) {
        return latencyNanos == 0 ? NEVER : now + Math.max(MUTE_NANOS_MIN, MUTE_LATENCIES * latencyNanos);
    }

    /** Takes the attempt that an answer belongs to; null if nobody waits for it any more. */
    Attempt answered(long now, long requestId, long silenceNanosMax) {
        Attempt attempt = attempts.remove(requestId);
        lastHeardNanos = now;
        if (attempt != null) {
            long faded = latencyNanos - latencyNanos / LATENCY_MEMORY;
            latencyNanos = Math.max(1, Math.max(now - attempt.sentAtNanos(), faded));
        }
        giveUpAtNanos = attempts.isEmpty() ? NEVER : now + silenceNanosMax;
        muteAtNanos = attempts.isEmpty() ? NEVER : muteAtNanos(now);
        failures = 0;
        suspicions = 0;
        suspectUntilNanos = Long.MIN_VALUE;
        return attempt;
    }

    void disconnected(String reason, long newRetryAtNanos) {
        state = State.IDLE;
        giveUpAtNanos = NEVER;
        muteAtNanos = NEVER;
        lastError = reason;
        retryAtNanos = newRetryAtNanos;
        attempts.clear();
        waiting.clear();
    }

    /** The node's name for a person. */
    String name() {
        return id < 0 ? address : "node " + id + " at " + address;
    }
}
