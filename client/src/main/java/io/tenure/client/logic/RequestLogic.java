package io.tenure.client.logic;

import com.google.protobuf.ByteString;
import io.tenure.client.logic.Operation.Kind;
import io.tenure.client.logic.Result.Failure;
import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.HelloReply;
import io.tenure.protocol.proto.Outcome;
import io.tenure.protocol.proto.ReadMode;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Takes operations to the leader until they are answered or their deadline passes, and tells each of them the truth:
 * done, certainly not done, or unknown (DESIGN.md, D6).
 *
 * <p>Why the outcomes hold. A write is given a name (session and number) before it is first sent and keeps it in every
 * attempt; the cluster appends a name once. It is certainly not done only if each attempt was answered by a refusal
 * that comes before an append. An attempt that timed out, or whose connection broke, counts against that until it is
 * answered after all; a late answer is as good as a punctual one. When the cluster no longer knows the name, only a
 * write without such an attempt gets a new one. All this needs of a connection that it delivers each request at most
 * once and never after it was closed and its node restarted: what TCP does.
 *
 * <p>Use: call an input, then carry out what {@link #takeActions()} returns, in order; call {@link #tick} when
 * {@link #wakeAt()} has come. Times are monotonic nanoseconds of one clock, from a start that keeps them from
 * overflowing. One thread at a time.
 */
public final class RequestLogic {
    /** What {@link #wakeAt()} returns when nothing is due. */
    public static final long NEVER = Long.MAX_VALUE;

    private final Admission admission;
    private final Delivery delivery;
    private String clusterId = "";
    private String closedBecause;
    /** Largest index that an answer to a read or a write told of. */
    private long seenIndex;

    private long turnNanos;
    private boolean isTurnDue;

    /**
     * Starts without any connection.
     *
     * @param addresses client addresses of the cluster's nodes, host:port, at least one
     * @param random spreads back-offs and picks the first node
     */
    public RequestLogic(LogicSettings settings, List<String> addresses, RandomGenerator random) {
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("no address given");
        }
        admission = new Admission(settings);
        delivery = new Delivery(settings, admission, addresses, random);
    }

    /** Starts a write; the number returned comes back in {@link Action.Complete}. */
    public long set(long now, ByteString key, ByteString value, long deadlineNanos) {
        Operation operation = delivery.operation(Kind.SET, key, value, ReadMode.LEASE, now, deadlineNanos);
        if (admit(operation)) {
            delivery.submitUnnumbered(operation);
        }
        wantTurn(now);
        return operation.id;
    }

    /**
     * Asks for a write of unknown outcome again, under its old name: if it took effect already that is the answer,
     * otherwise it takes effect now. Done or unknown, never certainly not done, for the attempts before are unknown.
     */
    public long ask(long now, WriteId writeId, ByteString key, ByteString value, long deadlineNanos) {
        Operation operation = delivery.operation(Kind.ASK, key, value, ReadMode.LEASE, now, deadlineNanos);
        operation.writeId = writeId;
        operation.uncertain = 1;
        if (admit(operation)) {
            delivery.numbers.asked(operation);
            delivery.submit(operation);
        }
        wantTurn(now);
        return operation.id;
    }

    /** Starts a read. One of a session reflects whatever this client was told before. */
    public long get(long now, ByteString key, ReadMode mode, long deadlineNanos) {
        return get(now, key, mode, 0, deadlineNanos);
    }

    /** Starts a read of data that are not older than that if the mode is {@link ReadMode#BOUNDED}. */
    public long get(long now, ByteString key, ReadMode mode, long stalenessMillisMax, long deadlineNanos) {
        Operation operation = delivery.operation(Kind.GET, key, ByteString.EMPTY, mode, now, deadlineNanos);
        operation.stalenessMillisMax = stalenessMillisMax;
        operation.leastIndex = mode == ReadMode.SESSION ? seenIndex : 0;
        if (admit(operation)) {
            delivery.submit(operation);
        }
        wantTurn(now);
        return operation.id;
    }

    /**
     * Asks one node for its view of itself; tried once.
     *
     * @param address host:port; a new one is added to {@link #addresses()}
     */
    public long status(long now, String address, long deadlineNanos) {
        Node asked = delivery.search.at(address);
        Operation operation =
                delivery.operation(Kind.STATUS, ByteString.EMPTY, ByteString.EMPTY, ReadMode.LEASE, now, deadlineNanos);
        if (asked == null) {
            String reason = "not done: no such address, or too many: " + address;
            delivery.complete(operation, Outcomes.refused(Failure.NOT_DONE, reason));
        } else if (admit(operation)) {
            delivery.submitTo(now, asked, operation);
        }
        wantTurn(now);
        return operation.id;
    }

    /**
     * Has leadership move.
     *
     * @param target node that is to lead; -1 for the one that can best take over. Then the outcome is unknown if the answer gets
     *     lost, as asking again might move it once more
     */
    public long transfer(long now, int target, long deadlineNanos) {
        Operation operation = delivery.operation(
                Kind.TRANSFER, ByteString.EMPTY, ByteString.EMPTY, ReadMode.LEASE, now, deadlineNanos);
        operation.target = target;
        if (admit(operation)) {
            delivery.submit(operation);
        }
        wantTurn(now);
        return operation.id;
    }

    /** Up to which index the log is reflected in what this client was told at most: where its session stands. */
    public long seenIndex() {
        return seenIndex;
    }

    /** Has the session go on where another one stands. */
    public void see(long index) {
        seenIndex = Math.max(seenIndex, index);
    }

    /** Whether the operation is let in; if not, it has its result. */
    private boolean admit(Operation operation) {
        String invalid = admission.invalid(operation);
        String refusal = closedBecause != null ? closedBecause : invalid == null ? admission.admit(operation) : null;
        if (invalid == null && refusal == null) {
            return true;
        }
        String reason = invalid != null ? invalid : refusal;
        if (operation.kind == Kind.ASK) {
            delivery.complete(operation, Outcomes.failed(operation, reason, "asked for again"));
        } else if (invalid != null) {
            delivery.complete(operation, Outcomes.refused(Failure.INVALID, reason));
        } else {
            delivery.complete(operation, Outcomes.refused(Failure.NOT_DONE, "not done: " + reason));
        }
        return false;
    }

    /** The connection stands and the node accepted the handshake; {@code hello} is its answer. */
    public void connected(long now, int connection, HelloReply hello) {
        Node node = delivery.search.nodeOf(connection);
        if (node != null && node.state == Node.State.CONNECTING) {
            if (clusterId.isEmpty() || clusterId.equals(hello.getClusterId())) {
                clusterId = hello.getClusterId();
                delivery.connected(now, node, hello);
            } else {
                String reason = "belongs to cluster " + hello.getClusterId() + ", the others to " + clusterId;
                delivery.hangUp(now, node, reason);
            }
        }
        wantTurn(now);
    }

    /**
     * The connection could not be opened, was refused in the handshake, or broke.
     *
     * @param reason for a person, without the address
     */
    public void disconnected(long now, int connection, String reason) {
        Node node = delivery.search.nodeOf(connection);
        if (node != null) {
            delivery.disconnected(now, node, reason);
        }
        wantTurn(now);
    }

    /** An answer arrived. One that nobody waits for is ignored. */
    public void reply(long now, int connection, ClientReply reply) {
        Node node = delivery.search.nodeOf(connection);
        if (node != null && node.state == Node.State.CONNECTED) {
            Attempt attempt = delivery.take(now, node, reply.getId());
            if (attempt != null) {
                answered(now, attempt, reply);
            }
        }
        wantTurn(now);
    }

    /** Time passed. Needed at {@link #wakeAt()}; harmless at any time. */
    public void tick(long now) {
        wantTurn(now);
    }

    /** Ends every operation with the outcome that is known of it, and every connection. Later operations are refused. */
    public void close(long now, String reason) {
        closedBecause = reason;
        delivery.endAll(now, reason);
    }

    /** When {@link #tick} is needed, or {@link #NEVER}. After a tick at that time or later, it is later. */
    public long wakeAt() {
        runTurn();
        return delivery.wakeAt();
    }

    /** What is to be done because of the inputs since the last call, in order. */
    public List<Action> takeActions() {
        runTurn();
        return delivery.takeActions();
    }

    private void wantTurn(long now) {
        turnNanos = now;
        isTurnDue = true;
    }

    /** One turn for all inputs that came together: what it costs does not depend on their number. */
    private void runTurn() {
        if (isTurnDue) {
            isTurnDue = false;
            delivery.turn(turnNanos);
        }
    }

    /** The addresses known: those given, then those learnt from hints. */
    public List<String> addresses() {
        return delivery.search.nodes().stream().map(node -> node.address).toList();
    }

    /** Operations without outcome. */
    public int outstanding() {
        runTurn();
        return admission.outstanding();
    }

    private void answered(long now, Attempt attempt, ClientReply reply) {
        Operation operation = attempt.operation();
        Outcome outcome = reply.getOutcome();
        if (outcome == Outcome.DONE) {
            done(now, attempt, reply);
            return;
        }
        if (saysNotAppended(outcome)) {
            operation.uncertain--;
        }
        if (outcome == Outcome.NOT_LEADER || outcome == Outcome.UNKNOWN || isBusyFollower(reply)) {
            delivery.search.refused(now, attempt.node(), reply);
        }
        if (outcome == Outcome.SESSION_EXPIRED || outcome == Outcome.NUMBER_TOO_OLD) {
            delivery.search.leads(attempt.node(), reply.getTerm());
            if (operation.kind == Kind.SET) {
                delivery.numbers.lost(operation);
            }
        }
        if (operation.current == attempt) {
            operation.note(reply.getNodeId(), reply.getTerm(), Outcomes.explain(attempt.node(), reply));
            if (operation.isLocal() && outcome != Outcome.INVALID) {
                operation.tried(attempt.node());
                delivery.submit(operation);
            } else {
                next(now, operation, reply);
            }
        }
    }

    /** The attempt that was waited for did not succeed. */
    private void next(long now, Operation operation, ClientReply reply) {
        switch (reply.getOutcome()) {
            case NOT_LEADER, UNKNOWN -> delivery.retrySoon(now, operation);
            case SESSION_EXPIRED, NUMBER_TOO_OLD -> {
                if (operation.kind == Kind.SET && operation.uncertain == 0) {
                    delivery.numbers.ended(operation);
                    delivery.submitUnnumbered(operation);
                } else if (operation.kind.isWrite()) {
                    delivery.giveUp(now, operation);
                } else {
                    delivery.retryLater(now, operation);
                }
            }
            case NOT_TRANSFERRED -> delivery.end(operation, Outcomes.notTransferred(operation, reply.getReason()));
            case INVALID -> {
                if (operation.kind == Kind.OPEN_SESSION) {
                    delivery.retryLater(now, operation);
                } else {
                    delivery.end(operation, Outcomes.invalid(operation, reply.getReason()));
                }
            }
            default -> delivery.retryLater(now, operation);
        }
    }

    private void done(long now, Attempt attempt, ClientReply reply) {
        Operation operation = attempt.operation();
        if (operation.kind == Kind.TRANSFER && reply.getLeaderId() != reply.getNodeId()) {
            delivery.search.refused(now, attempt.node(), reply);
        } else if (operation.kind != Kind.STATUS && !operation.isLocal()) {
            delivery.search.leads(attempt.node(), reply.getTerm());
        }
        if (operation.kind == Kind.OPEN_SESSION) {
            if (reply.getSession().getSession() == 0) {
                delivery.retryLater(now, operation);
                return;
            }
            delivery.numbers.opened(reply.getSession());
            delivery.end(operation, null);
            return;
        }
        if (operation.kind.isWrite()) {
            delivery.numbers.done();
        }
        if (operation.kind.isWrite() || operation.kind == Kind.GET) {
            see(reply.getIndex());
        }
        delivery.end(operation, operation.isProbe ? null : Outcomes.success(operation, reply));
    }

    /** A node that is busy without leading, with a stalled disk say, may stay so while others serve. */
    private static boolean isBusyFollower(ClientReply reply) {
        return reply.getOutcome() == Outcome.BUSY && reply.getLeaderId() != reply.getNodeId();
    }

    /** Whether an attempt with this answer certainly left no entry in any log, now or later, and moved no leadership. */
    private static boolean saysNotAppended(Outcome outcome) {
        return switch (outcome) {
            case NOT_LEADER, NO_LEASE, BUSY, DISK_FULL, INVALID, SESSION_EXPIRED, NUMBER_TOO_OLD, NOT_TRANSFERRED ->
                true;
            default -> false;
        };
    }
}
