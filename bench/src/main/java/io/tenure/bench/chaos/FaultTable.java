package io.tenure.bench.chaos;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the faults of each kind did. */
public final class FaultTable {
    private final Map<FaultKind, Row> rows = new EnumMap<>(FaultKind.class);

    /** The faults of one kind. */
    private static final class Row {
        private int times;
        private long aroundMin = Long.MAX_VALUE;
        private long writeGapNanosMax;
        private long readGapNanosMax;
        private int violations;
    }

    /**
     * Notes one fault.
     *
     * @param around operations that were acknowledged before, during and after it
     * @param writeGapNanos longest time without an acknowledged write, from the fault until all was well again
     * @param readGapNanos the same of reads
     */
    public void add(FaultKind kind, long around, long writeGapNanos, long readGapNanos) {
        Row row = row(kind);
        row.times++;
        row.aroundMin = Math.min(row.aroundMin, around);
        row.writeGapNanosMax = Math.max(row.writeGapNanosMax, writeGapNanos);
        row.readGapNanosMax = Math.max(row.readGapNanosMax, readGapNanos);
    }

    /** Notes that the cluster did not do what it should in or after a fault. */
    public void addViolation(FaultKind kind) {
        row(kind).violations++;
    }

    private Row row(FaultKind kind) {
        return rows.computeIfAbsent(kind, first -> new Row());
    }

    /** How many faults of all kinds there were. */
    public int times() {
        return rows.values().stream().mapToInt(row -> row.times).sum();
    }

    /** How often a fault of this kind was noted. */
    public int times(FaultKind kind) {
        return rows.containsKey(kind) ? rows.get(kind).times : 0;
    }

    /** The fewest operations acknowledged around any fault; 0 if there was none. */
    public long aroundMin() {
        return rows.values().stream().mapToLong(row -> row.aroundMin).min().orElse(0);
    }

    /** The table as text: a head, and a line for each kind that was injected. Gaps are in milliseconds. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("fault               times  fewest acknowledged  longest gap  longest gap  violations");
        lines.add("                           operations around    in writes    in reads");
        rows.forEach((kind, row) -> lines.add(String.format(
                Locale.ROOT,
                "%-18s %6d %20s %9d ms %9d ms %11d",
                kind.label(),
                row.times,
                row.times == 0 ? "-" : row.aroundMin,
                row.writeGapNanosMax / 1_000_000,
                row.readGapNanosMax / 1_000_000,
                row.violations)));
        return lines;
    }
}
