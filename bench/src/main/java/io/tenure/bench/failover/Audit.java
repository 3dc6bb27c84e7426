package io.tenure.bench.failover;

import io.tenure.bench.process.LogText;
import io.tenure.history.History;
import io.tenure.history.Operation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds a history of unique values against a log of plain words: each acknowledged write stands there once, no write
 * twice, and nothing else stands there but writes of unknown outcome.
 */
final class Audit {
    private static final int PROBLEMS_MAX = 20;

    private final List<String> problems = new ArrayList<>();
    private int more;

    private Audit() {}

    /** What is wrong, a sentence each; empty if nothing is. */
    static List<String> of(History history, LogText log) {
        Audit audit = new Audit();
        Map<String, List<Integer>> places = audit.places(log);
        for (Operation operation : history.operations()) {
            if (operation.kind() == Operation.Kind.WRITE) {
                audit.judge(operation, places.remove(operation.key() + " " + operation.value()));
            }
        }
        places.forEach((write, lines) ->
                audit.complain("line " + lines.get(0) + " holds SET " + write + ", which nobody wrote"));
        if (audit.more > 0) {
            audit.problems.add("and " + audit.more + " more");
        }
        return audit.problems;
    }

    private Map<String, List<Integer>> places(LogText log) {
        Map<String, List<Integer>> places = new HashMap<>();
        long lastTerm = -1;
        int number = 0;
        for (String line : log.lines()) {
            number++;
            String[] words = line.split(" ", -1);
            long term = Long.parseLong(words[words.length - 1]);
            if (term < lastTerm) {
                complain("line " + number + " is of term " + term + " after one of " + lastTerm);
            }
            lastTerm = term;
            if (words.length == 4 && words[0].equals("SET")) {
                places.computeIfAbsent(words[1] + " " + words[2], write -> new ArrayList<>())
                        .add(number);
            } else if (!line.equals("NO-OP " + term)) {
                complain("line " + number + " is neither a write nor a NO-OP: " + line);
            }
        }
        return places;
    }

    private void judge(Operation write, List<Integer> lines) {
        int times = lines == null ? 0 : lines.size();
        if (times > 1) {
            complain(write + " took effect " + times + " times, lines " + lines);
        } else if (times == 0 && write.outcome() == Operation.Outcome.OK) {
            complain(write + " was acknowledged and is not in the log");
        } else if (times == 1 && write.outcome() == Operation.Outcome.FAIL) {
            complain(write + " was refused for good and stands in line " + lines.get(0));
        }
    }

    private void complain(String problem) {
        if (problems.size() < PROBLEMS_MAX) {
            problems.add(problem);
        } else {
            more++;
        }
    }
}
