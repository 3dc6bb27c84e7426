package io.tenure.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Judge of any register: looks for a linearization, deepest first, and remembers what it has tried (Wing and Gong, 1993;
 * memoised after Lowe, 2017). A state is the set of operations placed so far and the value of the register then. Bounded:
 * exponential in the number of concurrent operations at worst.
 */
final class Search {
    /** One end of an operation, in a list ordered by time; ends of placed operations are lifted out. */
    private static final class End {
        final int operation;
        final boolean isInvoke;
        final long time;
        End match;
        End previous;
        End next;

        End(int operation, boolean isInvoke, long time) {
            this.operation = operation;
            this.isInvoke = isInvoke;
            this.time = time;
        }

        void lift() {
            previous.next = next;
            if (next != null) {
                next.previous = previous;
            }
        }

        void unlift() {
            previous.next = this;
            if (next != null) {
                next.previous = this;
            }
        }
    }

    private record State(BitSet placed, String value) {}

    private record Step(End invoke, String valueBefore) {}

    private final List<Operation> operations;
    private final End head = new End(-1, true, Long.MIN_VALUE);
    private final Set<State> tried = new HashSet<>();
    private final Deque<Step> path = new ArrayDeque<>();
    private final BitSet placed = new BitSet();
    private String value;
    private int owed;

    private Search(List<Operation> operations) {
        this.operations = operations;
        List<End> ends = new ArrayList<>();
        for (int i = 0; i < operations.size(); i++) {
            End invoke = new End(i, true, operations.get(i).invoke());
            invoke.match = new End(i, false, operations.get(i).effectiveBy());
            ends.add(invoke);
            ends.add(invoke.match);
            owed += operations.get(i).effectiveBy() == Operation.NEVER ? 0 : 1;
        }
        // An invocation at the instant of a return counts as concurrent with it: invocations first.
        ends.sort(Comparator.<End>comparingLong(end -> end.time).thenComparing(end -> !end.isInvoke));
        End last = head;
        for (End end : ends) {
            last.next = end;
            end.previous = last;
            last = end;
        }
    }

    static Verdict check(List<Operation> operations, long stepsMax) {
        List<Operation> relevant = new ArrayList<>();
        for (Operation operation : operations) {
            if (operation.mayTakeEffect() || operation.isAnsweredRead()) {
                relevant.add(operation);
            }
        }
        return new Search(relevant).run(stepsMax);
    }

    private Verdict run(long stepsMax) {
        End at = head.next;
        End farthest = null;
        for (long steps = 0; owed > 0; steps++) {
            if (steps > stepsMax) {
                return new Verdict(Verdict.Kind.UNDECIDED, "no answer after " + stepsMax + " steps of search");
            }
            if (at.isInvoke) {
                End placedNow = tryToPlace(at) ? head : at;
                at = placedNow.next;
                continue;
            }
            // A return whose operation isn't placed: nothing that was invoked before it can come first. Go back.
            farthest = farthest == null || at.time > farthest.time ? at : farthest;
            if (path.isEmpty()) {
                return Verdict.violation("no order explains " + operations.get(farthest.operation));
            }
            at = undo().next;
        }
        return Verdict.GOOD;
    }

    private boolean tryToPlace(End invoke) {
        Operation operation = operations.get(invoke.operation);
        boolean isWrite = operation.kind() == Operation.Kind.WRITE;
        if (!isWrite && !Objects.equals(operation.value(), value)) {
            return false;
        }
        BitSet after = (BitSet) placed.clone();
        after.set(invoke.operation);
        if (!tried.add(new State(after, isWrite ? operation.value() : value))) {
            return false;
        }
        path.push(new Step(invoke, value));
        placed.set(invoke.operation);
        value = isWrite ? operation.value() : value;
        owed -= operation.effectiveBy() == Operation.NEVER ? 0 : 1;
        invoke.lift();
        invoke.match.lift();
        return true;
    }

    private End undo() {
        Step last = path.pop();
        placed.clear(last.invoke.operation);
        value = last.valueBefore;
        owed += operations.get(last.invoke.operation).effectiveBy() == Operation.NEVER ? 0 : 1;
        last.invoke.match.unlift();
        last.invoke.unlift();
        return last.invoke;
    }
}
