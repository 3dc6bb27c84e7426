package io.tenure.client.logic;

import com.google.protobuf.ByteString;
import io.tenure.protocol.proto.ReadMode;
import java.util.ArrayList;
import java.util.List;

/** One operation under way. Its timer is the next of: deadline, end of the attempt, end of a back-off. */
final class Operation {
    enum Kind {
        SET,
        /** A write of unknown outcome, sent again by request of the user. */
        ASK,
        GET,
        STATUS,
        OPEN_SESSION,
        TRANSFER;

        boolean isWrite() {
            return this == SET || this == ASK;
        }
    }

    enum State {
        /** A write that waits for a session, or for room in the session's window. */
        UNNUMBERED,
        /** Waits for a leader to send it to. */
        READY,
        IN_FLIGHT,
        /** Was told to come again later. */
        DELAYED,
        ENDED
    }

    /** Whichever node can best take over. */
    static final int ANY = -1;

    final long id;
    final Kind kind;
    final ByteString key;
    final ByteString value;
    final ReadMode mode;
    final long startedAtNanos;
    final long deadlineNanos;

    /** Of a transfer: node that is to lead, or {@link #ANY}. */
    int target = ANY;

    /** Of a read of a session: what the answer must reflect. */
    long leastIndex;
    /** Of a bounded read. */
    long stalenessMillisMax;
    /** Of a read that any node may answer: positions of those that could not, since all were tried last. */
    private long triedNodes;
    /** Whether it is the client's own, to measure a round trip: nobody is told of its outcome. */
    boolean isProbe;

    State state = State.READY;
    /** Null until numbered. */
    WriteId writeId;
    /** Attempts that may still be answered, the one waited for among them. */
    final List<Attempt> attempts = new ArrayList<>(1);
    /** The attempt whose time-out is running, or null. */
    Attempt current;
    /** Attempts of a write or transfer that may have taken effect: sent, and not answered by a refusal. */
    int uncertain;
    /** Attempts made. */
    int sends;
    /** Answers in a row that said "later". */
    int refusals;

    int lastNode = -1;
    long lastTerm = -1;
    String lastCause;

    long timerNanos;
    /** Place in {@link Timers}, -1 if none. */
    int timerSlot = -1;

    Operation(
            long id,
            Kind kind,
            ByteString key,
            ByteString value,
            ReadMode mode,
            long startedAtNanos,
            long deadlineNanos) {
        this.id = id;
        this.kind = kind;
        this.key = key;
        this.value = value;
        this.mode = mode;
        this.startedAtNanos = startedAtNanos;
        this.deadlineNanos = deadlineNanos;
    }

    /** Bytes that it holds on to. */
    int bytes() {
        return key.size() + value.size();
    }

    /** The unanswered attempt on the node's connection, or null. */
    Attempt attemptAt(Node node) {
        for (int i = attempts.size() - 1; i >= 0; i--) {
            if (attempts.get(i).node() == node) {
                return attempts.get(i);
            }
        }
        return null;
    }

    /** Whether any node may answer. */
    boolean isLocal() {
        return kind == Kind.GET && mode != ReadMode.LEASE && mode != ReadMode.QUORUM;
    }

    void tried(Node node) {
        triedNodes |= 1L << node.position;
    }

    boolean hasTried(Node node) {
        return (triedNodes & 1L << node.position) != 0;
    }

    void forgetTried() {
        triedNodes = 0;
    }

    /**
     * Whether it must not be tried again once an attempt has got lost: to have any other node lead, twice, would move leadership
     * twice.
     */
    boolean isOnce() {
        return kind == Kind.STATUS || (kind == Kind.TRANSFER && target == ANY && uncertain > 0);
    }

    /** Whether an attempt may take as long as the operation. */
    boolean isPatient() {
        return kind == Kind.STATUS || kind == Kind.TRANSFER;
    }

    void note(int node, long term, String cause) {
        lastNode = node;
        lastTerm = term;
        lastCause = cause;
    }
}
