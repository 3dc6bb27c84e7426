package io.tenure.sim;

import io.tenure.raft.Lease;
import io.tenure.raft.Role;
import java.util.HashMap;
import java.util.Map;

/** What clients may rely on. */
final class ClientInvariants {
    private ClientInvariants() {}

    /**
     * I8: a read sees at least the newest version of the key that was acknowledged to, or read by, anybody before it was
     * asked. The version of a key is the log index of the write that made it. The full check of the history comes at the
     * end; this one tells at once.
     */
    static final class ReadsAreFresh extends Invariant {
        private final Committed committed;
        private final Map<String, Long> floors = new HashMap<>();

        ReadsAreFresh(Committed committed) {
            this.committed = committed;
        }

        /** The version that a read which is asked now must see at least. */
        long floor(String key) {
            return floors.getOrDefault(key, 0L);
        }

        /** A write was acknowledged. */
        void acknowledged(String key, String value) {
            long version = committed.indexOfValue(value);
            require(version > 0, "the write of {} to {} was acknowledged, and no node has it committed", value, key);
            floors.merge(key, version, Math::max);
        }

        /** A read was answered; {@code value} is null if the key is absent. */
        void answered(String key, String value, long floor, int node) {
            long version = value == null ? 0 : committed.indexOfValue(value);
            require(
                    value == null || version > 0,
                    "node {} read {} of {}, which no node has committed",
                    node,
                    value,
                    key);
            require(
                    version >= floor,
                    "node {} read version {} ({}) of {}, though version {} was known before the read was asked",
                    node,
                    version,
                    value,
                    key,
                    floor);
            floors.merge(key, version, Math::max);
        }
    }

    /** What a client is told is visible to every reader of that node by then (DESIGN.md, D7). */
    static final class VisibleBeforeAnswer extends Invariant {
        /** A node acknowledges a write, which is its entry {@code index}. */
        void onWritten(SimNode node, long index) {
            long applied = node.store.appliedIndex();
            require(applied >= index, "{} acknowledged entry {} with only {} applied", node, index, applied);
        }
    }

    /** Readers see a lease end before anything that may depend on its end leaves the core (LEASE.md, 3.7). */
    static final class LeasePublishedFirst extends Invariant {
        /** Something leaves the raft agent of a node now: a message, or work for the stage of this name. */
        void onLeaving(SimNode node, Object what) {
            Lease published = node.lease.get();
            if (published == null) {
                return;
            }
            boolean leads = node.raft.role() == Role.LEADER && node.raft.currentTerm() == published.term();
            require(
                    leads,
                    "{} is {} in term {} and lets out {} while readers see its lease of term {}",
                    node,
                    node.raft.role(),
                    node.raft.currentTerm(),
                    what,
                    published.term());
        }
    }
}
