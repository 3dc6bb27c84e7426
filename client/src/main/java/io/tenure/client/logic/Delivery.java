package io.tenure.client.logic;

import com.google.protobuf.ByteString;
import io.tenure.client.logic.Operation.Kind;
import io.tenure.client.logic.Operation.State;
import io.tenure.protocol.proto.HelloReply;
import io.tenure.protocol.proto.ReadMode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Brings operations to nodes, again and again: connections, time-outs, back-offs. What answers mean is not known here. */
final class Delivery {
    private static final long RETRY_FIRST_NANOS = 5_000_000;
    private static final long RETRY_LAST_NANOS = 250_000_000;
    private static final long RECONNECT_FIRST_NANOS = 20_000_000;
    private static final long RECONNECT_LAST_NANOS = 1_000_000_000;
    /** Silence, in time-outs of an attempt, after which a connection is taken for dead. */
    private static final int SILENT_ATTEMPTS_MAX = 3;

    final LeaderSearch search;
    final SessionNumbers numbers = new SessionNumbers();

    private final long attemptTimeoutNanos;
    private final Admission admission;
    private final Backoff retry;
    private final Backoff reconnect;
    private final Timers timers = new Timers();
    /** Operations that wait for a leader, first come first. */
    private final Set<Operation> ready = new LinkedHashSet<>();
    /** Reads that any node may answer. */
    private final Set<Operation> readyHere = new LinkedHashSet<>();

    private final Nearest nearest;

    private List<Action> actions = new ArrayList<>();
    private long lastTurnNanos = Long.MIN_VALUE;
    private long lastOperation;
    private long lastRequest;
    private int lastConnection;
    /** The request for a session that is under way, or null. */
    private Operation opening;

    Delivery(LogicSettings settings, Admission admission, List<String> addresses, RandomGenerator random) {
        this.admission = admission;
        attemptTimeoutNanos = settings.attemptTimeoutNanos();
        search = new LeaderSearch(addresses, attemptTimeoutNanos, random);
        nearest = new Nearest(search.nodes());
        retry = new Backoff(random, RETRY_FIRST_NANOS, RETRY_LAST_NANOS);
        reconnect = new Backoff(random, RECONNECT_FIRST_NANOS, RECONNECT_LAST_NANOS);
    }

    // ------------------------------------------------------------------ operations

    Operation operation(Kind kind, ByteString key, ByteString value, ReadMode mode, long now, long deadlineNanos) {
        return new Operation(++lastOperation, kind, key, value, mode, now, deadlineNanos);
    }

    /** A write that needs a name first. */
    void submitUnnumbered(Operation operation) {
        operation.current = null;
        timers.set(operation, operation.deadlineNanos);
        numbers.add(operation);
    }

    /** Goes to the leader as soon as one is in sight. */
    void submit(Operation operation) {
        operation.current = null;
        operation.state = State.READY;
        timers.set(operation, operation.deadlineNanos);
        (operation.isLocal() ? readyHere : ready).add(operation);
    }

    /** Goes to this node, once. */
    void submitTo(long now, Node node, Operation operation) {
        timers.set(operation, operation.deadlineNanos);
        if (node.state == Node.State.CONNECTED) {
            send(now, node, operation);
        } else {
            node.waiting.add(operation);
            connect(now, node);
        }
    }

    /** The attempt came to nothing; the next one may start at once. */
    void retrySoon(long now, Operation operation) {
        if (operation.isOnce()) {
            giveUp(now, operation);
        } else {
            submit(operation);
        }
    }

    /** The attempt was refused for now. */
    void retryLater(long now, Operation operation) {
        if (operation.kind == Kind.STATUS) {
            giveUp(now, operation);
            return;
        }
        operation.current = null;
        operation.state = State.DELAYED;
        operation.refusals++;
        timers.set(operation, Math.min(operation.deadlineNanos, now + retry.nanos(operation.refusals)));
    }

    void giveUp(long now, Operation operation) {
        giveUp(operation, "gave up after " + Outcomes.millis(now - operation.startedAtNanos));
    }

    private void giveUp(Operation operation, String because) {
        if (operation.lastCause == null && operation.state == State.UNNUMBERED && opening != null) {
            operation.note(opening.lastNode, opening.lastTerm, opening.lastCause);
        }
        boolean isOwn = operation == opening || operation.isProbe;
        end(operation, isOwn ? null : Outcomes.failed(operation, because, search.trouble()));
    }

    /** Forgets the operation, and tells its result unless that is null. */
    void end(Operation operation, Result result) {
        operation.state = State.ENDED;
        timers.remove(operation);
        ready.remove(operation);
        readyHere.remove(operation);
        numbers.ended(operation);
        for (Attempt attempt : operation.attempts) {
            attempt.node().attempts.remove(attempt.requestId());
        }
        for (Node node : search.nodes()) {
            node.waiting.remove(operation);
        }
        admission.ended(operation);
        if (operation == opening) {
            opening = null;
        }
        if (result != null) {
            complete(operation, result);
        }
    }

    /** Tells the result of an operation that was never let in. */
    void complete(Operation operation, Result result) {
        actions.add(new Action.Complete(operation.id, result));
    }

    void endAll(long now, String because) {
        for (Operation each = timers.first(); each != null; each = timers.first()) {
            giveUp(each, because);
        }
        for (Node node : search.nodes()) {
            if (node.state != Node.State.IDLE) {
                actions.add(new Action.Close(node.connection));
                node.disconnected(because, now);
                search.failed(node);
            }
        }
    }

    // ------------------------------------------------------------------ connections

    private void connect(long now, Node node) {
        if (node.state == Node.State.IDLE) {
            node.connecting(++lastConnection, now + attemptTimeoutNanos);
            actions.add(new Action.Connect(node.connection, node.position, node.address));
        }
    }

    void connected(long now, Node node, HelloReply hello) {
        List<Operation> waiting = List.copyOf(node.waiting);
        node.waiting.clear();
        node.connected(now, hello);
        waiting.forEach(operation -> send(now, node, operation));
    }

    /** Closes a connection of our own accord. */
    void hangUp(long now, Node node, String reason) {
        actions.add(new Action.Close(node.connection));
        disconnected(now, node, reason);
    }

    /** The connection is gone; what was sent on it may have arrived, and will not be answered. */
    void disconnected(long now, Node node, String reason) {
        String cause = node.name() + ": " + reason;
        List<Attempt> lost = List.copyOf(node.attempts.values());
        List<Operation> waiting = List.copyOf(node.waiting);
        node.failures++;
        node.disconnected(cause, now + reconnect.nanos(node.failures));
        search.failed(node);
        for (Attempt attempt : lost) {
            Operation operation = attempt.operation();
            operation.attempts.remove(attempt);
            if (operation.current == attempt) {
                operation.note(node.id, operation.lastTerm, operation.kind == Kind.STATUS ? reason : cause);
                operation.tried(node);
                retrySoon(now, operation);
            }
        }
        for (Operation operation : waiting) {
            operation.note(node.id, operation.lastTerm, reason);
            giveUp(now, operation);
        }
    }

    /** Takes the attempt that an answer belongs to, or null. */
    Attempt take(long now, Node node, long requestId) {
        Attempt attempt = node.answered(now, requestId, SILENT_ATTEMPTS_MAX * attemptTimeoutNanos);
        if (attempt != null) {
            attempt.operation().attempts.remove(attempt);
            if (attempt.operation().kind == Kind.STATUS) {
                node.measured(now - attempt.sentAtNanos());
            }
        }
        return attempt;
    }

    // ------------------------------------------------------------------ a turn

    /** Does what is due and sends what can be sent. Follows every input, or several that came together. */
    void turn(long now) {
        lastTurnNanos = now;
        for (Operation due = timers.first(); due != null && due.timerNanos <= now; due = timers.first()) {
            expired(now, due);
        }
        for (int i = 0; i < search.nodes().size(); i++) {
            Node node = search.nodes().get(i);
            if (node.muteAtNanos <= now) {
                muted(now, node);
            }
            if (node.giveUpAtNanos <= now) {
                int attempts = node.state == Node.State.CONNECTING ? 1 : SILENT_ATTEMPTS_MAX;
                search.timedOut(now, node, true);
                hangUp(now, node, "no answer in " + Outcomes.millis(attempts * attemptTimeoutNanos));
            }
        }
        dispatch(now);
    }

    long wakeAt() {
        Operation first = timers.first();
        long at = first == null ? RequestLogic.NEVER : first.timerNanos;
        for (Node node : search.nodes()) {
            at = Math.min(at, Math.min(node.giveUpAtNanos, node.muteAtNanos));
        }
        boolean isPaused = !ready.isEmpty() && search.resumeAtNanos() > lastTurnNanos;
        return isPaused ? Math.min(at, search.resumeAtNanos()) : at;
    }

    List<Action> takeActions() {
        List<Action> taken = actions;
        actions = new ArrayList<>();
        return taken;
    }

    private void expired(long now, Operation operation) {
        if (operation.deadlineNanos <= now) {
            giveUp(now, operation);
            return;
        }
        if (operation.state == State.IN_FLIGHT) {
            Attempt attempt = operation.current;
            Node node = attempt.node();
            search.timedOut(now, node, node.lastHeardNanos <= attempt.sentAtNanos());
            String cause = node.name() + " did not answer in " + Outcomes.millis(attemptTimeoutNanos);
            operation.note(node.id, operation.lastTerm, cause);
            operation.tried(node);
        }
        retrySoon(now, operation);
    }

    /** Reads that any node may answer go to the nearest one, and to the next if it can't. */
    private void dispatchHere(long now) {
        if (readyHere.isEmpty()) {
            return;
        }
        if (nearest.isMeasureDue(now)) {
            List.copyOf(search.nodes()).forEach(node -> measure(now, node));
        }
        for (Operation operation : List.copyOf(readyHere)) {
            Node node = nearest.choose(now, operation);
            if (node == null) {
                readyHere.remove(operation);
                operation.forgetTried();
                retryLater(now, operation);
            } else if (node.state == Node.State.CONNECTED) {
                readyHere.remove(operation);
                send(now, node, operation);
            } else {
                connect(now, node);
            }
        }
    }

    /**
     * A node that was asked says nothing at all: its host may be gone, which no connection tells. Whoever waits for it asks the
     * others; a late answer is as good as ever.
     */
    private void muted(long now, Node node) {
        node.muteAtNanos = Node.NEVER;
        List<Attempt> unanswered = List.copyOf(node.attempts.values());
        boolean isSuspect = false;
        for (Attempt attempt : unanswered) {
            Operation operation = attempt.operation();
            if (operation.current == attempt && !operation.isPatient()) {
                if (!isSuspect) {
                    search.timedOut(now, node, true);
                    isSuspect = true;
                }
                String cause = node.name() + " was silent for " + Outcomes.millis(now - attempt.sentAtNanos());
                operation.note(node.id, operation.lastTerm, cause);
                operation.tried(node);
                retrySoon(now, operation);
            }
        }
    }

    private void measure(long now, Node node) {
        if (node.availableAtNanos() <= now) {
            Operation probe = operation(
                    Kind.STATUS,
                    ByteString.EMPTY,
                    ByteString.EMPTY,
                    ReadMode.LEASE,
                    now,
                    now + SILENT_ATTEMPTS_MAX * attemptTimeoutNanos);
            probe.isProbe = true;
            submitTo(now, node, probe);
        }
    }

    private void dispatch(long now) {
        dispatchHere(now);
        while (true) {
            prepareWrites(now);
            Node node = ready.isEmpty() ? null : search.target(now);
            if (node == null) {
                search.standBys(now).forEach(each -> connect(now, each));
                return;
            }
            if (node.state != Node.State.CONNECTED) {
                connect(now, node);
                return;
            }
            List<Operation> all = List.copyOf(ready);
            ready.clear();
            for (Operation operation : all) {
                if (numbers.mayMove(operation)) {
                    submitUnnumbered(operation);
                } else {
                    send(now, node, operation);
                }
            }
        }
    }

    private void prepareWrites(long now) {
        numbers.number().forEach(this::submit);
        if (opening == null && numbers.isSessionWanted()) {
            opening = operation(
                    Kind.OPEN_SESSION, ByteString.EMPTY, ByteString.EMPTY, ReadMode.LEASE, now, RequestLogic.NEVER);
            if (numbers.losses() > 1) {
                opening.refusals = numbers.losses();
                retryLater(now, opening);
            } else {
                submit(opening);
            }
        } else if (opening != null && opening.state == State.READY && !numbers.isSessionWanted()) {
            end(opening, null);
        }
    }

    /** Sends, or goes on waiting for an answer on a connection that has been silent since it was last sent there. */
    private void send(long now, Node node, Operation operation) {
        String tooLong = Outcomes.tooLong(operation, node.keyBytesMax, node.valueBytesMax);
        if (tooLong != null) {
            end(operation, Outcomes.invalid(operation, tooLong));
            return;
        }
        Attempt attempt = operation.attemptAt(node);
        if (attempt == null || node.lastHeardNanos > attempt.sentAtNanos()) {
            attempt = new Attempt(++lastRequest, operation, node, now);
            operation.attempts.add(attempt);
            operation.sends++;
            operation.uncertain++;
            node.sent(attempt, SILENT_ATTEMPTS_MAX * attemptTimeoutNanos);
            actions.add(new Action.Send(node.connection, Outcomes.request(operation, attempt.requestId())));
        }
        node.listen(now);
        operation.current = attempt;
        operation.state = State.IN_FLIGHT;
        long attemptEnd = operation.isPatient() ? operation.deadlineNanos : now + attemptTimeoutNanos;
        timers.set(operation, Math.min(operation.deadlineNanos, attemptEnd));
    }
}
