package io.tenure.sim;

import io.tenure.entry.LineParser;
import io.tenure.raft.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All entries that any node has ever called committed, and what they wrote. */
final class Committed {
    /** @param inTerm term of the node that first called it committed */
    record Item(long term, long inTerm, Entry entry) {}

    private final List<Item> items = new ArrayList<>();
    private final Map<String, Long> indexByValue = new HashMap<>();
    private final Map<String, TreeMap<Long, String>> writes = new HashMap<>();
    private final LineParser parser = new LineParser();

    long lastIndex() {
        return items.size();
    }

    Item get(long index) {
        return items.get((int) index - 1);
    }

    /** Whether this log has another entry there than the committed one. */
    boolean contradicts(LogMirror log, long index) {
        return index <= log.lastIndex()
                && index <= lastIndex()
                && log.term(index) != get(index).term();
    }

    /** Index of the entry that wrote this value, the values of a run being unique; 0 if none did. */
    long indexOfValue(String value) {
        return indexByValue.getOrDefault(value, 0L);
    }

    /** What the entries up to {@code index} make of nothing. */
    Map<String, String> stateAt(long index) {
        Map<String, String> state = new HashMap<>();
        writes.forEach((key, values) -> {
            Map.Entry<Long, String> newest = values.floorEntry(index);
            if (newest != null) {
                state.put(key, newest.getValue());
            }
        });
        return state;
    }

    void add(long term, long inTerm, Entry entry) {
        items.add(new Item(term, inTerm, entry));
        if (entry != null && entry.kind() == Entry.Kind.WRITE) {
            parser.parse(entry.bytes(), entry.offset(), entry.length());
            indexByValue.putIfAbsent(parser.value(), lastIndex());
            writes.computeIfAbsent(parser.key(), key -> new TreeMap<>()).put(lastIndex(), parser.value());
        }
    }
}
