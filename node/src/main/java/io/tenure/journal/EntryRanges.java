package io.tenure.journal;

import java.util.Map;
import java.util.TreeMap;

/** A set of entries, which takes memory by the number of gaps in it only. Confined to one thread. */
final class EntryRanges {
    /** Last index by first index; ranges neither overlap nor touch. */
    private final TreeMap<Long, Long> ranges = new TreeMap<>();

    void add(long index) {
        if (contains(index)) {
            return;
        }
        Map.Entry<Long, Long> before = ranges.floorEntry(index);
        long first = before != null && before.getValue() == index - 1 ? before.getKey() : index;
        Long after = ranges.remove(index + 1);
        ranges.put(first, after == null ? index : after);
    }

    void clear() {
        ranges.clear();
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    boolean contains(long index) {
        Map.Entry<Long, Long> range = ranges.floorEntry(index);
        return range != null && range.getValue() >= index;
    }

    boolean containsAll(EntryRanges other) {
        return other.ranges.entrySet().stream().allMatch(range -> {
            Map.Entry<Long, Long> around = ranges.floorEntry(range.getKey());
            return around != null && around.getValue() >= range.getValue();
        });
    }

    boolean intersects(EntryRanges other) {
        return other.ranges.entrySet().stream().anyMatch(range -> {
            Map.Entry<Long, Long> around = ranges.floorEntry(range.getValue());
            return around != null && around.getValue() >= range.getKey();
        });
    }

    /** First index from {@code index} on that is in this set, {@link Long#MAX_VALUE} if there is none. */
    long next(long index) {
        if (contains(index)) {
            return index;
        }
        Long first = ranges.higherKey(index);
        return first == null ? Long.MAX_VALUE : first;
    }

    /** First index from {@code index} on that is not in this set. */
    long nextGap(long index) {
        Map.Entry<Long, Long> range = ranges.floorEntry(index);
        return range != null && range.getValue() >= index ? range.getValue() + 1 : index;
    }
}
