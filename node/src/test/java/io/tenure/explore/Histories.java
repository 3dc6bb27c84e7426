package io.tenure.explore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All histories that were met, by number. */
final class Histories {
    private final Map<History, Integer> ids = new HashMap<>();
    private final List<History> histories = new ArrayList<>();
    private final List<Integer> spared = new ArrayList<>();
    private final List<int[]> renamed = new ArrayList<>();

    int id(History history) {
        Integer known = ids.putIfAbsent(history, histories.size());
        if (known != null) {
            return known;
        }
        histories.add(history);
        spared.add(0);
        renamed.add(new int[LocalStates.RENAMINGS.length]);
        return histories.size() - 1;
    }

    History get(int id) {
        return histories.get(id);
    }

    /** The history with nothing used up of the scope. */
    int spared(int id) {
        if (spared.get(id) == 0) {
            spared.set(id, id(histories.get(id).spared()) + 1);
        }
        return spared.get(id) - 1;
    }

    /** The history under other names. */
    int renamed(int id, int renaming) {
        int known = renamed.get(id)[renaming];
        if (known == 0) {
            known = id(histories.get(id).renamed(LocalStates.RENAMINGS[renaming])) + 1;
            renamed.get(id)[renaming] = known;
        }
        return known - 1;
    }

    int size() {
        return histories.size();
    }
}
