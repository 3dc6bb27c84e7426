package io.tenure.history;

import java.nio.charset.StandardCharsets;

/** A line of a history file: it is refused with a sentence, or says the same after it has been written again. */
public final class HistoryTarget {
    private HistoryTarget() {}

    /** Runs it. */
    public static void run(byte[] input) {
        Operation operation;
        try {
            operation = HistoryFile.parse(new String(input, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return;
        }
        if (!HistoryFile.parse(HistoryFile.format(operation)).equals(operation)) {
            throw new AssertionError("read otherwise: " + operation);
        }
    }
}
