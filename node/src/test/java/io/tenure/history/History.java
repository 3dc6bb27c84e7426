package io.tenure.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Operations in the order in which they were recorded, which means nothing. Confined to one thread. */
public final class History {
    private final List<Operation> operations = new ArrayList<>();

    /** A history of these operations. */
    public static History of(Operation... operations) {
        History history = new History();
        Collections.addAll(history.operations, operations);
        return history;
    }

    /** Adds an operation whose outcome is settled. */
    public void add(Operation operation) {
        operations.add(operation);
    }

    /** All operations, in the order in which they were added. */
    public List<Operation> operations() {
        return Collections.unmodifiableList(operations);
    }

    /** How many operations of this kind ended like this. */
    public long count(Operation.Kind kind, Operation.Outcome outcome) {
        return operations.stream()
                .filter(operation -> operation.kind() == kind && operation.outcome() == outcome)
                .count();
    }
}
