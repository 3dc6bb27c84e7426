package io.tenure.client.logic;

import java.util.List;

/**
 * Which node is nearest, by measured round trips: for reads that any node may answer. Measured when such reads begin, and seldom
 * after that, as long as there are some.
 */
final class Nearest {
    private static final long MEASURED_EVERY_NANOS = 10_000_000_000L;

    private final List<Node> nodes;
    private long measureAtNanos = Long.MIN_VALUE;

    Nearest(List<Node> nodes) {
        this.nodes = nodes;
    }

    /** Whether round trips are to be measured now; true once each time. */
    boolean isMeasureDue(long now) {
        if (now < measureAtNanos) {
            return false;
        }
        measureAtNanos = now + MEASURED_EVERY_NANOS;
        return true;
    }

    /**
     * The nearest of those that the operation has not tried: connected ones first, as others may be gone. Null if all were tried or
     * can't be used now.
     */
    Node choose(long now, Operation operation) {
        Node best = null;
        for (Node node : nodes) {
            boolean fit = node.availableAtNanos() <= now && !operation.hasTried(node);
            if (fit && (best == null || rank(node) < rank(best))) {
                best = node;
            }
        }
        return best;
    }

    private static long rank(Node node) {
        if (node.state != Node.State.CONNECTED) {
            return Long.MAX_VALUE;
        }
        return node.roundTripNanos() == 0 ? Long.MAX_VALUE - 1 : node.roundTripNanos();
    }
}
