package io.tenure.sim;

import java.util.Map;

/**
 * The keys and values of a node are what the committed log up to its applied index makes of nothing (paper, 7: a snapshot is
 * the state at one index).
 */
final class StoreIsReplay extends Invariant {
    private final Committed committed;

    StoreIsReplay(Committed committed) {
        this.committed = committed;
    }

    @Override
    void onStart(SimNode node) {
        check(node);
    }

    /** Looks at all of it. */
    void check(SimNode node) {
        long index = node.isAlive() ? node.store.appliedIndex() : 0;
        if (index <= 0) {
            return;
        }
        require(index <= committed.lastIndex(), "{} has applied {}, which nobody has committed", node, index);
        int keys = 0;
        for (Map.Entry<String, String> each : committed.stateAt(index).entrySet()) {
            String value = node.store.get(each.getKey());
            require(
                    each.getValue().equals(value),
                    "{} holds {} for key {} as of entry {}, which was {} then",
                    node,
                    value,
                    each.getKey(),
                    index,
                    each.getValue());
            keys++;
        }
        require(
                keys == node.store.size(),
                "{} holds {} keys as of entry {}, not {}",
                node,
                node.store.size(),
                index,
                keys);
    }
}
