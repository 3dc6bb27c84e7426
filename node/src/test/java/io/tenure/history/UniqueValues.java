package io.tenure.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Exact judge of a register to which no value is written twice (Gibbons and Korach, "Testing shared memories", 1997).
 *
 * <p>A write and the reads of its value form a cluster, and in a linearization clusters follow one another whole. Let
 * {@code f} be the earliest return in a cluster and {@code s} its latest invocation. Cluster A can't stand before B if
 * some operation of B returned before one of A was invoked: {@code f(B) < s(A)}. So the register is linearizable iff no
 * read returned before its write was invoked, and no two clusters have both {@code f(B) < s(A)} and {@code f(A) < s(B)}
 * (a longer cycle always holds such a pair: take the cluster with the earliest {@code f} and its neighbour). With
 * {@code f < s} a cluster spans an interval; these must not overlap, and no other cluster may lie within one.
 */
final class UniqueValues {
    private static final Operation INITIAL = new Operation(
            "", Operation.Kind.READ, null, Long.MIN_VALUE, Long.MIN_VALUE, Operation.Outcome.OK, "nobody");

    private static final class Cluster {
        private Operation earliestReturn;
        private Operation latestInvoke;

        void add(Operation operation) {
            if (earliestReturn == null || operation.effectiveBy() < earliestReturn.effectiveBy()) {
                earliestReturn = operation;
            }
            if (latestInvoke == null || operation.invoke() > latestInvoke.invoke()) {
                latestInvoke = operation;
            }
        }

        long firstReturn() {
            return earliestReturn.effectiveBy();
        }

        long lastInvoke() {
            return latestInvoke.invoke();
        }

        boolean isInterval() {
            return firstReturn() < lastInvoke();
        }
    }

    private UniqueValues() {}

    static Verdict check(List<Operation> operations) {
        Map<String, Operation> writes = new HashMap<>();
        Map<String, Cluster> clusters = new LinkedHashMap<>();
        for (Operation operation : operations) {
            if (operation.kind() == Operation.Kind.WRITE) {
                writes.put(operation.value(), operation);
            }
            if (operation.kind() == Operation.Kind.WRITE && operation.outcome() == Operation.Outcome.OK) {
                clusters.computeIfAbsent(operation.value(), value -> new Cluster())
                        .add(operation);
            }
        }
        clusters.put(null, new Cluster());
        clusters.get(null).add(INITIAL);
        for (Operation read : operations) {
            if (!read.isAnsweredRead()) {
                continue;
            }
            String impossible = read.value() == null ? null : whyUnreadable(read, writes.get(read.value()));
            if (impossible != null) {
                return Verdict.violation(impossible);
            }
            Cluster cluster = clusters.computeIfAbsent(read.value(), value -> {
                Cluster begun = new Cluster();
                begun.add(writes.get(value));
                return begun;
            });
            cluster.add(read);
        }
        return checkOrder(new ArrayList<>(clusters.values()));
    }

    private static String whyUnreadable(Operation read, Operation write) {
        if (write == null) {
            return read + " saw a value that was never written";
        }
        if (write.outcome() == Operation.Outcome.FAIL) {
            return read + " saw a value whose writer was told that it is certainly not done: " + write;
        }
        if (read.returned() < write.invoke()) {
            return read + " saw the value of a later write: " + write;
        }
        return null;
    }

    private static Verdict checkOrder(List<Cluster> clusters) {
        List<Cluster> intervals = new ArrayList<>();
        for (Cluster cluster : clusters) {
            if (cluster.isInterval()) {
                intervals.add(cluster);
            }
        }
        intervals.sort(Comparator.comparingLong(Cluster::firstReturn));
        for (int i = 1; i < intervals.size(); i++) {
            if (areCyclic(intervals.get(i - 1), intervals.get(i))) {
                return contradiction(intervals.get(i - 1), intervals.get(i));
            }
        }
        for (Cluster cluster : clusters) {
            Cluster around = cluster.isInterval() ? null : lastBegunBefore(intervals, cluster.lastInvoke());
            if (around != null && areCyclic(around, cluster)) {
                return contradiction(around, cluster);
            }
        }
        return Verdict.GOOD;
    }

    private static boolean areCyclic(Cluster a, Cluster b) {
        return b.firstReturn() < a.lastInvoke() && a.firstReturn() < b.lastInvoke();
    }

    /** The last of the disjoint intervals that begins before {@code time}; only that one can hold anything there. */
    private static Cluster lastBegunBefore(List<Cluster> intervals, long time) {
        int low = 0;
        int high = intervals.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (intervals.get(middle).firstReturn() < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? null : intervals.get(low - 1);
    }

    private static Verdict contradiction(Cluster a, Cluster b) {
        return Verdict.violation(b.earliestReturn + " was over before " + a.latestInvoke + " began, so " + valueOf(b)
                + " stood before " + valueOf(a) + "; but " + before(a, b));
    }

    private static String before(Cluster a, Cluster b) {
        if (a.latestInvoke.value() == null) {
            return "the key is absent only at first";
        }
        return a.earliestReturn + " was over before " + b.latestInvoke + " began, so it stood after";
    }

    private static String valueOf(Cluster cluster) {
        String value = cluster.latestInvoke.value();
        return value == null ? "nothing" : value;
    }
}
