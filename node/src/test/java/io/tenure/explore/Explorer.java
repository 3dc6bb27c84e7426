package io.tenure.explore;

import io.tenure.sim.Violation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Finds every state that can be reached within a scope, and checks the invariants in each. A state is a row of numbers:
 * history, three local states, and the messages on their way. A message that is lost is one that never arrives, so losing
 * needs no step of its own; of equal messages on their way at once all but one are lost.
 *
 * <p>A state is <em>covered</em> by one that is the same but has more messages on their way: whatever can happen from the first
 * can happen from the second, where the rest is lost. So covered states need not be expanded, and those with many messages
 * come first. Steps that change nothing but that a message is gone lead to covered states, and are not taken.
 */
final class Explorer {
    /** What keeps a step from being taken. */
    enum Bound {
        TERMS,
        ELECTIONS,
        TIME,
        COMMANDS,
        CRASHES,
        DUPLICATES,
        READS
    }

    private static final class Counter {
        private long count;
    }

    private static final int NODES = Scope.NODES;
    private static final int FIRST_MESSAGE = 1 + NODES;
    private static final int NOTHING = -1;
    private static final int ROW_MAX = 1024;
    private static final int CLOCK_CHECKED_EVERY = 1024;
    private static final long PROGRESS_NANOS = 30_000_000_000L;

    private final Scope scope;
    private final LocalStates locals;
    private final Histories histories = new Histories();
    private final StateSet states;
    private final Map<Bound, Counter> left = new EnumMap<>(Bound.class);

    private final int timeout;
    private final int beat;
    private final int diskDone;
    private final int pass;

    private int[] row = new int[0];
    private int rowId = NOTHING;
    private final int[] next = new int[ROW_MAX];
    private int nextLength;
    private final Facts[] facts = new Facts[NODES];
    private final Facts[] nextFacts = new Facts[NODES];
    private int stepNode;
    private int stepEvent;
    /** The state that is looked for among those that follow, or {@link #NOTHING}: then all that follow are taken in. */
    private int soughtId = NOTHING;

    private int[] sought;

    private long transitions;
    private int expanded;

    Explorer(Scope scope) {
        this.scope = scope;
        this.locals = new LocalStates(scope);
        this.states = new StateSet(scope, locals, histories);
        this.timeout = locals.idOf(new Event.Timeout());
        this.beat = locals.idOf(new Event.Beat());
        this.diskDone = locals.idOf(new Event.DiskDone());
        this.pass = locals.idOf(new Event.Pass());
        for (Bound bound : Bound.values()) {
            left.put(bound, new Counter());
        }
    }

    /** Explores until all is known, something is broken, or a limit is reached. */
    ExplorerResult run(int statesMax, long nanosMax, Consumer<String> progress) {
        long begin = System.nanoTime();
        long toldNanos = 0;
        Violation violation = null;
        List<String> story = List.of();
        try {
            offerFirst();
            while (states.size() < statesMax && states.hasNext()) {
                rowId = states.next();
                row = states.row(rowId);
                expand();
                states.expanded(rowId);
                expanded++;
                if (expanded % CLOCK_CHECKED_EVERY == 0) {
                    long nanos = System.nanoTime() - begin;
                    if (nanos > nanosMax) {
                        break;
                    }
                    if (nanos - toldNanos > PROGRESS_NANOS) {
                        toldNanos = nanos;
                        progress.accept(states.size() + " states, " + expanded + " expanded, " + states.waiting()
                                + " waiting, " + states.configurations() + " configurations");
                    }
                }
            }
        } catch (Violation e) {
            violation = e;
            story = tell();
        }
        return new ExplorerResult(
                violation,
                story,
                states.size(),
                expanded,
                states.waiting(),
                states.configurations(),
                states.represented(),
                transitions,
                states.steps().depth(),
                leftOut(),
                locals.states(),
                locals.outcomes(),
                histories.size(),
                System.nanoTime() - begin);
    }

    private Map<Bound, Long> leftOut() {
        Map<Bound, Long> counts = new EnumMap<>(Bound.class);
        left.forEach((bound, counter) -> {
            if (counter.count > 0) {
                counts.put(bound, counter.count);
            }
        });
        return counts;
    }

    private void offerFirst() {
        int rates = scope.skew ? 1 << NODES : 1;
        for (int bits = 0; bits < rates; bits++) {
            next[0] = histories.id(History.BEGIN);
            for (int node = 0; node < NODES; node++) {
                int rate = !scope.skew ? 0 : (bits >>> node & 1) == 0 ? -1 : 1;
                next[1 + node] = locals.boot(node, rate);
            }
            nextLength = FIRST_MESSAGE;
            offer(NOTHING, NOTHING);
        }
    }

    /** Takes every step that can be taken from {@link #row}. */
    private void expand() {
        for (int node = 0; node < NODES; node++) {
            facts[node] = locals.facts(row[1 + node]);
        }
        History history = histories.get(row[0]);
        for (int node = 0; node < NODES; node++) {
            expandNode(node, facts[node], history);
        }
        for (int at = FIRST_MESSAGE; at < row.length; at++) {
            int to = locals.receiver(row[at]);
            if (facts[to].idle) {
                take(to, row[at], scope.duplicates == Scope.ANY ? NOTHING : at, history);
                if (scope.duplicates > 0 && within(history.duplicates() < scope.duplicates, Bound.DUPLICATES)) {
                    take(to, row[at], NOTHING, history.withDuplicate());
                }
            }
        }
        if (within(history.ticks() < scope.ticks, Bound.TIME)) {
            pass(history.withTick());
        }
    }

    private void expandNode(int node, Facts here, History history) {
        if (here.idle) {
            if (here.leads < 0) {
                expandTimer(node, here, history);
            } else {
                expandLeader(node, here, history);
            }
            if (here.writes > 0) {
                take(node, diskDone, NOTHING, history);
            }
        }
        if (scope.steppedReads > 0) {
            expandSteps(node, here, history);
        }
        if (within(history.crashes() < scope.crashes, Bound.CRASHES)) {
            crash(node, here, history.withCrash());
        }
    }

    private void expandTimer(int node, Facts here, History history) {
        boolean bounded = scope.elections != Scope.ANY;
        if (within(here.term + 1 < scope.terms, Bound.TERMS)
                && within(!bounded || history.elections() < scope.elections, Bound.ELECTIONS)) {
            take(node, timeout, NOTHING, bounded ? history.withElection() : history);
        }
    }

    private void expandLeader(int node, Facts here, History history) {
        if (here.due) {
            take(node, beat, NOTHING, history);
        }
        if (within(history.commands() < scope.commands, Bound.COMMANDS)) {
            take(node, locals.idOf(new Event.Propose(history.commands() + 1)), NOTHING, history.withCommand());
        }
        boolean mayRead = history.quorumFloor() < 0 && history.quorumReads() < scope.quorumReads;
        if (scope.quorumReads > 0 && within(mayRead, Bound.READS)) {
            take(node, locals.idOf(new Event.AskQuorum()), NOTHING, history.withQuorumRead());
        }
    }

    private void expandSteps(int node, Facts here, History history) {
        if (here.phase == NodeRun.Phase.TO_PUBLISH) {
            take(node, locals.idOf(Event.Step.PUBLISH), NOTHING, history);
        } else if (here.phase == NodeRun.Phase.TO_HAND_OVER) {
            take(node, locals.idOf(Event.Step.HAND_OVER), NOTHING, history);
        }
        if (here.apply != null) {
            take(node, locals.idOf(here.apply), NOTHING, history);
        }
        if (here.reading) {
            take(node, locals.idOf(Event.Step.READ_STEP), NOTHING, history);
        } else if (here.leaseTerm >= 0 && within(history.steppedReads() < scope.steppedReads, Bound.READS)) {
            take(node, locals.idOf(Event.Step.READ_START), NOTHING, history.withSteppedRead());
        }
    }

    private void crash(int node, Facts here, History history) {
        for (int writes = 0; writes <= here.writes; writes++) {
            for (int noted = 0; noted <= (here.commit > 0 ? 1 : 0); noted++) {
                take(node, locals.idOf(new Event.Crash(writes, false, noted > 0)), NOTHING, history);
                if ((here.tearable >>> writes & 1) != 0) {
                    take(node, locals.idOf(new Event.Crash(writes, true, noted > 0)), NOTHING, history);
                }
            }
        }
    }

    private boolean within(boolean isWithin, Bound bound) {
        if (!isWithin) {
            left.get(bound).count++;
        }
        return isWithin;
    }

    /** One node takes one event; {@code arrived} is the place in the row of the message that is gone by it. */
    private void take(int node, int event, int arrived, History before) {
        stepNode = node;
        stepEvent = event;
        LocalStates.Outcome outcome = locals.outcome(row[1 + node], event);
        if (outcome.violation != null) {
            throw outcome.violation;
        }
        if (!within(outcome.state >= 0, Bound.TERMS)) {
            return;
        }
        System.arraycopy(row, 0, next, 0, FIRST_MESSAGE);
        next[1 + node] = outcome.state;
        nextLength = FIRST_MESSAGE;
        Facts after = locals.facts(outcome.state);
        boolean ended = facts[node].leads >= 0 && after.leads != facts[node].leads;
        for (int at = FIRST_MESSAGE; at < row.length; at++) {
            if (at != arrived) {
                keep(row[at], node, after, ended ? facts[node].leads : NOTHING);
            }
        }
        int kept = nextLength;
        for (int message : outcome.sent) {
            send(message);
        }
        if (outcome.state == row[1 + node] && kept == nextLength && !outcome.noted) {
            return;
        }
        History history = before;
        if (outcome.noted) {
            System.arraycopy(facts, 0, nextFacts, 0, NODES);
            nextFacts[node] = after;
            history = before.after(facts[node], outcome, nextFacts, node);
        }
        next[0] = history.equals(histories.get(row[0])) ? row[0] : histories.id(history);
        transitions++;
        offer(node, event);
    }

    /** A message stays on its way, unless it can do nothing any more. */
    private void keep(int message, int node, Facts after, long endedTerm) {
        Event.Deliver deliver = (Event.Deliver) locals.event(message);
        if (locals.receiver(message) == node && LocalStates.isDead(deliver.message(), after)) {
            return;
        }
        int kept = message;
        if (endedTerm >= 0 && deliver.from() == node && deliver.message().term() == endedTerm) {
            kept = locals.withoutNumber(message);
        }
        if (!isOnItsWay(kept)) {
            next[nextLength++] = kept;
        }
    }

    private void send(int message) {
        Event.Deliver deliver = (Event.Deliver) locals.event(message);
        Facts receiver = locals.facts(next[1 + locals.receiver(message)]);
        if (!LocalStates.isDead(deliver.message(), receiver) && !isOnItsWay(message)) {
            next[nextLength++] = message;
        }
    }

    private boolean isOnItsWay(int message) {
        for (int at = FIRST_MESSAGE; at < nextLength; at++) {
            if (next[at] == message) {
                return true;
            }
        }
        return false;
    }

    /** Time passes, for all at once. */
    private void pass(History history) {
        System.arraycopy(row, 0, next, 0, row.length);
        nextLength = row.length;
        for (int node = 0; node < NODES; node++) {
            LocalStates.Outcome outcome = locals.outcome(row[1 + node], pass);
            if (outcome.violation != null) {
                throw outcome.violation;
            }
            next[1 + node] = outcome.state;
        }
        if (Arrays.equals(row, 1, FIRST_MESSAGE, next, 1, FIRST_MESSAGE)) {
            return; // nobody waits for anything
        }
        next[0] = histories.id(history);
        transitions++;
        offer(NOTHING, pass);
    }

    private void offer(int node, int event) {
        if (soughtId != NOTHING) {
            seek(node, event);
            return;
        }
        stepNode = node;
        stepEvent = event;
        if (!states.add(Arrays.copyOf(next, nextLength), rowId, node, event)) {
            return;
        }
        for (int i = 0; i < NODES; i++) {
            nextFacts[i] = locals.facts(next[1 + i]);
        }
        histories.get(next[0]).checkState(nextFacts);
    }

    /** How it came to the step that broke something. */
    private List<String> tell() {
        List<String> lines = new ArrayList<>();
        String last = stepText(stepNode, stepEvent);
        Steps steps = states.steps();
        for (int id : rowId == NOTHING ? List.<Integer>of() : steps.wayTo(rowId)) {
            row = steps.row(id) == null ? followerOfRow(id) : steps.row(id);
            lines.add(stepText(steps.node(id), steps.event(id)));
            for (int node = 0; node < NODES; node++) {
                lines.add("    " + node + ": " + locals.facts(row[1 + node]));
            }
        }
        lines.add(last);
        return List.copyOf(lines);
    }
    /** A state whose row was forgotten, made again from the one before it. */
    private int[] followerOfRow(int id) {
        soughtId = id;
        sought = null;
        expand();
        soughtId = NOTHING;
        return Objects.requireNonNull(sought, "steps are not repeatable");
    }

    private void seek(int node, int event) {
        Steps steps = states.steps();
        if (steps.node(soughtId) == node && steps.event(soughtId) == event) {
            int[] candidate = Arrays.copyOf(next, nextLength);
            if (steps.matches(soughtId, candidate)) {
                sought = candidate;
            }
        }
    }

    private String stepText(int node, int event) {
        String who = node < 0 ? "all" : "node " + node;
        return who + ": " + (event < 0 ? "boot" : locals.event(event));
    }
}
