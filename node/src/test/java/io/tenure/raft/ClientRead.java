package io.tenure.raft;

import io.tenure.entry.KeyValue;
import io.tenure.handoff.StoreReader;
import io.tenure.net.LeaseReadSteps;
import java.nio.charset.StandardCharsets;

/**
 * A read of one key that a client asks of one node, by that node's lease alone: the product's own read path over what the
 * node has applied. In steps, so that the world can change in between.
 */
final class ClientRead {
    /** What a read that the lease does not cover ends as; it would go on to ask a majority. */
    static final String NOT_BY_LEASE = "not by lease";

    static final String ABSENT = "absent";

    private static final int STEPS = 5;

    private final LeaseReadSteps steps;

    private ClientRead(TestNode node, String key, StoreReader store) {
        steps = new LeaseReadSteps(node::publishedLease, store, () -> node.now, Lines.hash(key));
        steps.start(key);
    }

    /** What a client is told that reads {@code key} now, in one go. */
    static String at(TestNode node, String key) {
        return begin(node, key).finish();
    }

    /** Begins a read; no step is taken yet. */
    static ClientRead begin(TestNode node, String key) {
        return new ClientRead(node, key, new Applied(node, Long.MAX_VALUE));
    }

    /** The same while the state machine has not come further than {@code appliedIndex}. */
    static String at(TestNode node, String key, long appliedIndex) {
        return new ClientRead(node, key, new Applied(node, appliedIndex)).finish();
    }

    ClientRead take(int count) {
        for (int i = 0; i < count; i++) {
            steps.advance();
        }
        return this;
    }

    /** Takes the steps that are left. */
    String finish() {
        take(STEPS);
        if (!steps.read().answered()) {
            return NOT_BY_LEASE;
        }
        return steps.value() == null ? ABSENT : steps.value();
    }

    /** The map that a node's applied entries make, up to some index. */
    private record Applied(TestNode node, long indexMax) implements StoreReader {
        @Override
        public long appliedIndex() {
            return Math.min(node.appliedIndex(), indexMax);
        }

        @Override
        public byte[] find(byte[] keyBytes) {
            String key = new String(keyBytes, StandardCharsets.UTF_8);
            byte[] found = null;
            for (String line : node.appliedLines().subList(0, (int) appliedIndex())) {
                String[] fields = line.split(" ", -1);
                if (fields[0].equals("SET") && fields[1].equals(key)) {
                    found = KeyValue.of(key, fields[2]);
                }
            }
            return found;
        }
    }
}
