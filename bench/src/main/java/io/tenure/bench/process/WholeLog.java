package io.tenure.bench.process;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A log put together from pieces. Those that nodes hold must agree wherever they overlap. Old files, in which nobody repairs
 * damage any more, fill what is left, by majority.
 */
final class WholeLog {
    private static final int PROBLEMS_MAX = 5;

    private final List<String> lines = new ArrayList<>();
    private final List<String> sources = new ArrayList<>();
    private final Map<Integer, Map<String, Integer>> votes = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();
    private int more;

    /** Adds a piece of an old file; after all that nodes hold. */
    void addOld(long firstIndex, List<String> piece) {
        int at = Math.toIntExact(firstIndex - 1);
        for (String line : piece) {
            if (at >= lines.size() || lines.get(at) == null) {
                votes.computeIfAbsent(at, place -> new HashMap<>()).merge(line, 1, Integer::sum);
            }
            at++;
        }
    }

    /** Counts what old files say. */
    void settle() {
        votes.forEach((at, counts) -> {
            int most = Collections.max(counts.values());
            List<String> winners = counts.keySet().stream()
                    .filter(line -> counts.get(line) == most)
                    .toList();
            if (winners.size() > 1) {
                complain("old files don't agree on entry " + (at + 1) + ": " + winners);
            }
            put(at, "old files", winners.get(0));
        });
        votes.clear();
    }

    /** Adds a piece that a node holds. */
    void add(String source, long firstIndex, List<String> piece) {
        long index = firstIndex;
        for (String line : piece) {
            add(source, index, line);
            index++;
        }
    }

    private void add(String source, long index, String line) {
        int at = Math.toIntExact(index - 1);
        if (at >= lines.size() || lines.get(at) == null) {
            put(at, source, line);
        } else if (!lines.get(at).equals(line)) {
            complain("entry " + index + " is \"" + lines.get(at) + "\" at " + sources.get(at) + " and \"" + line
                    + "\" at " + source);
        }
    }

    private void put(int at, String source, String line) {
        while (lines.size() <= at) {
            lines.add(null);
            sources.add(null);
        }
        lines.set(at, line);
        sources.set(at, source);
    }

    /** Differences and holes, a sentence each. */
    List<String> problems() {
        int hole = lines.indexOf(null);
        if (hole >= 0) {
            complain("entry " + (hole + 1) + " and "
                    + (lines.stream().filter(line -> line == null).count() - 1) + " others are in no file");
        }
        List<String> all = new ArrayList<>(problems);
        if (more > 0) {
            all.add("and " + more + " more differences");
        }
        return all;
    }

    /** All lines; those that are in no piece are left out. */
    LogText text() {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            if (line != null) {
                text.append(line).append('\n');
            }
        }
        return new LogText(text.toString());
    }

    private void complain(String problem) {
        if (problems.size() < PROBLEMS_MAX) {
            problems.add(problem);
        } else {
            more++;
        }
    }
}
