package io.tenure.sim;

import io.tenure.raft.Lease;
import io.tenure.raft.Role;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** What clients may rely on. */
final class ClientInvariants {
    private ClientInvariants() {}

    /**
     * I8: a read sees at least the newest version of the key that was acknowledged to, or read by, anybody before it was
     * asked. The version of a key is the log index of the write that made it. The full check of the history comes at the
     * end; this one tells at once.
     */
    static final class ReadsAreFresh extends Invariant {
        private final Timeline timeline;
        private final Committed committed;
        private final Map<String, Long> floors = new HashMap<>();
        private final Map<String, TreeMap<Long, Long>> floorsSince = new HashMap<>();

        ReadsAreFresh(Timeline timeline, Committed committed) {
            this.timeline = timeline;
            this.committed = committed;
        }

        /** The version that a read which is asked now must see at least. */
        long floor(String key) {
            return floors.getOrDefault(key, 0L);
        }

        /** A write was acknowledged; its version. */
        long acknowledged(String key, String value) {
            long version = committed.indexOfValue(value);
            require(version > 0, "the write of {} to {} was acknowledged, and no node has it committed", value, key);
            raise(key, version);
            return version;
        }

        /** What a read that was asked at {@code time} had to see at least. */
        long floorAt(String key, long time) {
            Map.Entry<Long, Long> last =
                    floorsSince.getOrDefault(key, new TreeMap<>()).floorEntry(time);
            return last == null ? 0 : last.getValue();
        }

        /** Somebody has seen this version: from now on nobody may see less who asks for the newest. */
        private void raise(String key, long version) {
            if (version > floor(key)) {
                floors.put(key, version);
                floorsSince.computeIfAbsent(key, each -> new TreeMap<>()).put(timeline.now(), version);
            }
        }

        /** The version of a key that was read; nobody reads what is not committed. */
        long versionRead(String key, String value, int node) {
            long version = value == null ? 0 : committed.indexOfValue(value);
            require(
                    value == null || version > 0,
                    "node {} read {} of {}, which no node has committed",
                    node,
                    value,
                    key);
            return version;
        }

        /** A read that need not be fresh was answered. */
        void seen(String key, long version) {
            raise(key, version);
        }

        /** A read was answered; {@code value} is null if the key is absent. */
        void answered(String key, String value, long floor, int node) {
            long version = versionRead(key, value, node);
            require(
                    version >= floor,
                    "node {} read version {} ({}) of {}, though version {} was known before the read was asked",
                    node,
                    version,
                    value,
                    key,
                    floor);
            raise(key, version);
        }
    }

    /**
     * I11: a bounded read is told an age that is no larger than it asked for, and has everything that anybody was told so long before it
     * was asked.
     */
    static final class AgeIsTrue extends Invariant {
        private final ReadsAreFresh reads;
        private final boolean clocksKeepBound;

        /** Without {@code clocksKeepBound}, ages are looked at, and not believed. */
        AgeIsTrue(ReadsAreFresh reads, boolean clocksKeepBound) {
            this.reads = reads;
            this.clocksKeepBound = clocksKeepBound;
        }

        /** A read that was asked at {@code invoke} found that version. */
        void answered(String key, long version, long invoke, long ageMillis, long ageMillisMax, int node) {
            require(
                    ageMillis >= 0 && ageMillis <= ageMillisMax,
                    "node {} answered with data {} ms old where {} ms were allowed",
                    node,
                    ageMillis,
                    ageMillisMax);
            long least = reads.floorAt(key, invoke - ageMillis * 1_000_000);
            require(
                    version >= least || !clocksKeepBound,
                    "node {} read version {} of {} and called it {} ms old, though version {} was known before that",
                    node,
                    version,
                    key,
                    ageMillis,
                    least);
        }
    }

    /** A session reads its own writes, and never an older version than before, whichever node answers and whoever leads. */
    static final class SessionsGoForward extends Invariant {
        /** A read found that version, and the client had seen {@code floor} when it asked. */
        void answered(int client, String key, long version, long floor, int node) {
            require(
                    version >= floor,
                    "client {} read version {} of {} at node {}, and had seen version {} before",
                    client,
                    version,
                    key,
                    node,
                    floor);
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
