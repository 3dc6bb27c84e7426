package io.tenure.history;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Judges a recorded history: {@code CheckHistory FILE}. */
public final class CheckHistory {
    private static final int GOOD = 0;
    private static final int BAD = 1;

    private CheckHistory() {}

    /** Prints counts and verdict; exits with 0 if the history is linearizable, with 1 on anything else. */
    public static void main(String[] args) {
        System.exit(run(args, System.out, System.err));
    }

    /**
     * What {@link #main} does, without leaving the process.
     *
     * @return the exit code
     */
    public static int run(String[] args, PrintStream out, PrintStream err) {
        if (args.length != 1) {
            err.println("usage: CheckHistory FILE");
            return BAD;
        }
        History history;
        try (BufferedReader lines = Files.newBufferedReader(Path.of(args[0]))) {
            history = HistoryFile.read(lines, args[0]);
        } catch (IOException e) {
            err.println("cannot read " + args[0] + ": " + e);
            return BAD;
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            return BAD;
        }
        Verdict verdict = Linearizability.STANDARD.check(history);
        out.println(counts(history));
        out.println(verdict);
        return verdict.isGood() ? GOOD : BAD;
    }

    private static String counts(History history) {
        StringBuilder line = new StringBuilder();
        line.append(history.operations().size()).append(" operations on ");
        line.append(history.operations().stream().map(Operation::key).distinct().count());
        line.append(" keys by ");
        line.append(
                history.operations().stream().map(Operation::client).distinct().count());
        line.append(" clients");
        for (Operation.Kind kind : Operation.Kind.values()) {
            for (Operation.Outcome outcome : Operation.Outcome.values()) {
                line.append("; ").append(kind).append(' ').append(outcome).append(' ');
                line.append(history.count(kind, outcome));
            }
        }
        return line.toString();
    }
}
