package io.tenure.client.logic;

import io.tenure.client.logic.Operation.Kind;

/** Counts what waits for its outcome, and says what is too much (DESIGN.md, D8). */
final class Admission {
    private final LogicSettings settings;
    private int outstanding;
    private long outstandingBytes;

    Admission(LogicSettings settings) {
        this.settings = settings;
    }

    int outstanding() {
        return outstanding;
    }

    /** Lets the operation in and returns null, or says why not. */
    String admit(Operation operation) {
        if (outstanding >= settings.outstandingMax()) {
            return "too many outstanding operations: the limit is " + settings.outstandingMax();
        }
        if (outstandingBytes + operation.bytes() > settings.outstandingBytesMax()) {
            return "too many outstanding bytes: the limit is " + settings.outstandingBytesMax();
        }
        outstanding++;
        outstandingBytes += operation.bytes();
        return null;
    }

    void ended(Operation operation) {
        if (operation.kind != Kind.OPEN_SESSION && !operation.isProbe) {
            outstanding--;
            outstandingBytes -= operation.bytes();
        }
    }

    /** What is wrong with the operation wherever it is sent, or null. */
    String invalid(Operation operation) {
        return Outcomes.tooLong(operation, settings.keyBytesMax(), settings.valueBytesMax());
    }
}
