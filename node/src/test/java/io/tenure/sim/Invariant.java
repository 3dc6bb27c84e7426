package io.tenure.sim;

import io.tenure.raft.Message;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Something that must hold in every state of every run. Is shown everything that matters as it happens, with all that a
 * god can see, and throws when it is broken. One class each; its name is what a planted bug is expected to trip over.
 */
abstract class Invariant {
    /** A process was started and has recovered; before its first turn. {@code node.log()} is the log before its death. */
    void onStart(SimNode node) {}

    /** A process died. */
    void onDeath(SimNode node) {}

    /**
     * The raft agent of a node has had a turn.
     *
     * @param firstChanged first index of the log that changed, {@code lastIndex + 1} if none did
     */
    void onTurn(SimNode node, long firstChanged) {}

    /** A message is handed over to leave a node, in the midst of the turn. */
    void onLeaving(SimNode from, Message message) {}

    /** A message left a node; after {@link #onTurn} of the turn in which it did. */
    void onSend(SimNode from, int to, Message message) {}

    /** A message arrived at a node; it takes it in at its next turn. */
    void onArrival(int from, SimNode to, Message message) {}

    /** The run is over, and everything was in order for a while. */
    void atEnd() {}

    final String name() {
        return getClass().getSimpleName();
    }

    final Violation broken(String what) {
        return new Violation(name(), what);
    }

    /**
     * Throws unless it holds; each {@code {}} of the text stands for one of the arguments. What takes time to put into
     * words is given as a supplier.
     */
    final void require(boolean holds, String text, Object... arguments) {
        if (holds) {
            return;
        }
        StringBuilder what = new StringBuilder();
        int from = 0;
        for (Object argument : arguments) {
            int at = text.indexOf("{}", from);
            what.append(text, from, at).append(argument instanceof Supplier<?> words ? words.get() : argument);
            from = at + 2;
        }
        throw broken(what.append(text.substring(from)).toString());
    }

    /** An argument of {@link #require} that is made only if somebody reads it. */
    static Supplier<String> words(Supplier<String> words) {
        return words;
    }

    /** A duration for people. */
    static String millis(double nanos) {
        return String.format(Locale.ROOT, "%.3f ms", nanos / 1e6);
    }
}
