package io.tenure.history;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Judges whether a history of reads and writes is linearizable (Herlihy and Wing, 1990). Keys are registers, absent at
 * first; linearizability is local, so each key is judged alone. Values written to a key once are judged exactly in
 * O(n log n) ({@link UniqueValues}); a key to which a value was written twice needs a search ({@link Search}).
 *
 * @param answeredReadsMin fewer answered reads than these make a history {@link Verdict.Kind#IDLE}
 * @param acknowledgedWritesMin the same for acknowledged writes
 * @param searchStepsMax bound of the search per key; beyond it the verdict is {@link Verdict.Kind#UNDECIDED}
 */
public record Linearizability(int answeredReadsMin, int acknowledgedWritesMin, long searchStepsMax) {
    /** Ten operations of each kind, and a search of a few seconds. */
    public static final Linearizability STANDARD = new Linearizability(10, 10, 20_000_000);

    /** Judges a history. */
    public Verdict check(History history) {
        Map<String, List<Operation>> byKey = new TreeMap<>();
        for (Operation operation : history.operations()) {
            if (operation.mayTakeEffect() || operation.isAnsweredRead() || operation.kind() == Operation.Kind.WRITE) {
                byKey.computeIfAbsent(operation.key(), key -> new ArrayList<>()).add(operation);
            }
        }
        Verdict undecided = null;
        for (Map.Entry<String, List<Operation>> key : byKey.entrySet()) {
            Verdict verdict = checkKey(key.getValue());
            if (verdict.kind() == Verdict.Kind.VIOLATION) {
                return Verdict.violation("key " + key.getKey() + ": " + verdict.reason());
            }
            if (!verdict.isGood() && undecided == null) {
                undecided = new Verdict(verdict.kind(), "key " + key.getKey() + ": " + verdict.reason());
            }
        }
        return undecided != null ? undecided : checkActivity(history);
    }

    private Verdict checkActivity(History history) {
        long reads = history.count(Operation.Kind.READ, Operation.Outcome.OK);
        long writes = history.count(Operation.Kind.WRITE, Operation.Outcome.OK);
        if (reads < answeredReadsMin || writes < acknowledgedWritesMin) {
            return new Verdict(
                    Verdict.Kind.IDLE,
                    reads + " reads answered and " + writes + " writes acknowledged prove nothing; at least "
                            + answeredReadsMin + " and " + acknowledgedWritesMin + " are needed");
        }
        return Verdict.GOOD;
    }

    private Verdict checkKey(List<Operation> operations) {
        return valuesAreUnique(operations) ? UniqueValues.check(operations) : Search.check(operations, searchStepsMax);
    }

    private static boolean valuesAreUnique(List<Operation> operations) {
        Set<String> values = new HashSet<>();
        for (Operation operation : operations) {
            if (operation.kind() == Operation.Kind.WRITE && !values.add(operation.value())) {
                return false;
            }
        }
        return true;
    }
}
