package io.tenure.explore;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The states that were found, but for those that others cover: of the same history and local states, with the same messages
 * on their way or more, and as much left of the scope or more. States that differ in the names of nodes alone are one.
 */
final class StateSet {
    /** Local states, and what is noted of the past: a state without its messages, and without what is left of the scope. */
    private record Configuration(int history, int first, int second, int third) {}

    /** The messages of a state, by number, in ascending order, under the names that stand for all; and what is left of the scope. */
    private static final class Messages {
        private final int state;
        private final int[] ids;
        private final long signature;
        private final History history;

        private Messages(int state, int[] ids, History history) {
            this.state = state;
            this.ids = ids;
            this.signature = signature(ids);
            this.history = history;
        }

        boolean covers(Messages other) {
            if (!history.leavesAsMuchAs(other.history)
                    || (other.signature & ~signature) != 0
                    || other.ids.length > ids.length) {
                return false;
            }
            int at = 0;
            for (int id : other.ids) {
                while (at < ids.length && ids[at] < id) {
                    at++;
                }
                if (at == ids.length || ids[at] != id) {
                    return false;
                }
            }
            return true;
        }
    }

    private final LocalStates locals;
    private final Histories histories;
    private final int renamings;
    private final boolean broad;
    private final Steps steps = new Steps();
    private final Map<Configuration, List<Messages>> found = new HashMap<>();
    /** States to be expanded: in one queue if the nearest come first, otherwise by the number of their messages. */
    private final List<ArrayDeque<Integer>> queues = new ArrayList<>();

    private final int[] numbers = new int[1 + Scope.NODES];
    private final int[] leastNumbers = new int[1 + Scope.NODES];
    private int waiting;
    private long represented;

    StateSet(Scope scope, LocalStates locals, Histories histories) {
        this.locals = locals;
        this.histories = histories;
        this.broad = scope.broad;
        this.renamings = scope.distinct ? 1 : LocalStates.RENAMINGS.length;
    }

    /** Adds a state, and marks those that it covers; false if it is covered itself. */
    boolean add(int[] row, int parent, int node, int event) {
        int least = leastRenaming(row);
        int[] leastMessages = renamedMessages(row, least);
        Configuration configuration = renamed(row, least);
        Messages messages = new Messages(steps.size(), leastMessages, histories.get(row[0]));
        List<Messages> known = found.get(configuration);
        if (known == null) {
            known = new ArrayList<>(1);
            found.put(configuration, known);
            represented += countNames(row);
        }
        for (Messages each : known) {
            if (each.covers(messages)) {
                return false;
            }
        }
        known.removeIf(each -> messages.covers(each) && steps.forget(each.state));
        known.add(messages);
        enqueue(steps.add(row, parent, node, event), row.length);
        return true;
    }

    private void enqueue(int id, int length) {
        int queue = broad ? 0 : length;
        while (queues.size() <= queue) {
            queues.add(new ArrayDeque<>());
        }
        queues.get(queue).add(id);
        waiting++;
    }

    /** The names under which a state is noted: those that make the numbers of its configuration least. */
    private int leastRenaming(int[] row) {
        int least = 0;
        rename(row, 0, leastNumbers);
        for (int renaming = 1; renaming < renamings; renaming++) {
            rename(row, renaming, numbers);
            int order = Arrays.compare(numbers, leastNumbers);
            if (order == 0) {
                order = Arrays.compare(renamedMessages(row, renaming), renamedMessages(row, least));
            }
            if (order < 0) {
                least = renaming;
                System.arraycopy(numbers, 0, leastNumbers, 0, numbers.length);
            }
        }
        return least;
    }

    private void rename(int[] row, int renaming, int[] into) {
        int[] names = LocalStates.RENAMINGS[renaming];
        into[0] = histories.renamed(histories.spared(row[0]), renaming);
        for (int node = 0; node < Scope.NODES; node++) {
            into[1 + names[node]] = locals.renamedState(row[1 + node], renaming);
        }
    }

    private Configuration renamed(int[] row, int renaming) {
        rename(row, renaming, numbers);
        return new Configuration(numbers[0], numbers[1], numbers[2], numbers[3]);
    }

    private int countNames(int[] row) {
        Set<Configuration> all = new HashSet<>();
        for (int renaming = 0; renaming < renamings; renaming++) {
            all.add(renamed(row, renaming));
        }
        return all.size();
    }

    private int[] renamedMessages(int[] row, int renaming) {
        int[] messages = new int[row.length - 1 - Scope.NODES];
        for (int i = 0; i < messages.length; i++) {
            messages[i] = locals.renamedEvent(row[1 + Scope.NODES + i], renaming);
        }
        Arrays.sort(messages);
        return messages;
    }

    private static long signature(int[] messages) {
        long bits = 0;
        for (int id : messages) {
            bits |= 1L << ((id * 0x9E3779B9) >>> 26);
        }
        return bits;
    }

    /** Whether a state waits to be expanded that no other covers. */
    boolean hasNext() {
        for (int i = queues.size() - 1; i >= 0; i--) {
            ArrayDeque<Integer> queue = queues.get(i);
            while (!queue.isEmpty()) {
                if (steps.row(queue.peek()) != null) {
                    return true;
                }
                queue.poll();
                waiting--;
            }
            queues.remove(i);
        }
        return false;
    }

    /** The next one, after {@link #hasNext}; {@link #expanded} ends it. */
    int next() {
        waiting--;
        return queues.get(queues.size() - 1).poll();
    }

    /** A state, as long as it waits or is being expanded. */
    int[] row(int id) {
        return steps.row(id);
    }

    /** What follows from this state is known: of it is kept only how it was reached. */
    void expanded(int id) {
        steps.forget(id);
    }

    /** How each state was reached. */
    Steps steps() {
        return steps;
    }

    int size() {
        return steps.size();
    }

    /** States that wait to be expanded. */
    int waiting() {
        return waiting;
    }

    /** Different histories and local states, whatever the messages. */
    int configurations() {
        return found.size();
    }

    /** The same with the names of nodes told apart. */
    long represented() {
        return represented;
    }
}
