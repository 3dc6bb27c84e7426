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

    private static final long NEVER = Long.MAX_VALUE;

    final int position;
    final String address;

    /** As the node said in its handshake, -1 before. */
    int id = -1;

    State state = State.IDLE;
    /** Meaningless while idle. */
    int connection;
    /** When to give up connecting; for a connection, when to give it up unless something is heard. */
    long giveUpAtNanos = NEVER;

    long lastHeardNanos = Long.MIN_VALUE;
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
        id = hello.getNodeId();
        keyBytesMax = hello.getKeyBytesMax();
        valueBytesMax = hello.getValueBytesMax();
        lastError = null;
    }

    void sent(Attempt attempt, long silenceNanosMax) {
        attempts.put(attempt.requestId(), attempt);
        if (giveUpAtNanos == NEVER) {
            giveUpAtNanos = attempt.sentAtNanos() + silenceNanosMax;
        }
    }

    /** Takes the attempt that an answer belongs to; null if nobody waits for it any more. */
    Attempt answered(long now, long requestId, long silenceNanosMax) {
        Attempt attempt = attempts.remove(requestId);
        lastHeardNanos = now;
        giveUpAtNanos = attempts.isEmpty() ? NEVER : now + silenceNanosMax;
        failures = 0;
        suspicions = 0;
        suspectUntilNanos = Long.MIN_VALUE;
        return attempt;
    }

    void disconnected(String reason, long newRetryAtNanos) {
        state = State.IDLE;
        giveUpAtNanos = NEVER;
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
