package io.tenure.explore;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What {@link CanonicalForm} makes of a field of the core. */
enum Treatment {
    PLAIN,
    LEFT_OUT,
    /** Distance from now; all that have passed are equal. */
    TIME,
    /** Distance from now, or 0 if it is not set. */
    TIME_AS_IT_IS,
    /** Distance from now; all that have passed for longer than a lease are equal. */
    TIME_WITHIN_LEASE,
    /** Distance from the number of the next disk write; all that are complete are equal. */
    WRITE_NUMBER;

    /** The fields that are not written as they are, by {@code Class.field}. */
    static Map<String, Treatment> byField() {
        Map<String, Treatment> treatments = new HashMap<>();
        leftOut().forEach(name -> treatments.put(name, LEFT_OUT));
        for (String name : List.of(
                "Leader.heartbeatDueNanos",
                "LeaderLease.ackEndNanos",
                "Promises.unknownUntilNanos",
                "Promise.deadlineNanos",
                "Wait.deadlineNanos")) {
            treatments.put(name, TIME);
        }
        for (String name : List.of(
                "Elections.lastHeardNanos",
                "Leader.askedSinceNanos",
                "LeaderLease.ackSendNanos",
                "LeaderLease.sentNanos")) {
            treatments.put(name, TIME_WITHIN_LEASE);
        }
        for (String name : List.of("Lease.endNanos", "LeaseRead.readNanos")) {
            treatments.put(name, TIME_AS_IT_IS);
        }
        for (String name : List.of(
                "Durability.pendingSeq",
                "Durability.durableSeq",
                "Durability.hardStateSeq",
                "Outstanding.seq",
                "Held.seq",
                "Persist.seq")) {
            treatments.put(name, WRITE_NUMBER);
        }
        return treatments;
    }

    private static List<String> leftOut() {
        return List.of(
                "NodeState.parameters",
                "NodeState.random",
                "NodeState.stamps", // nobody reads at followers here
                "NodeState.appliedIndex",
                "Raft.reads",
                "Progress.stamp",
                "PendingReads.node",
                "Replication.vouches",
                "NodeState.noOp",
                "NodeState.now",
                "NodeState.uncommittedBytes",
                "NodeState.adaptiveTiming", // as told, in every scope
                "Haste.timing",
                "LeaderLease.clockDriftMax",
                "LeaderLease.roundTrips",
                "Leader.notice", // only beats, as the heartbeat does whenever time passes
                "Progress.toldCommitIndex",
                "Progress.inflight",
                "Progress.inflightBytes",
                "Output.committedFirstIndex",
                "Follower.node",
                "Follower.electionDeadlineNanos",
                "Candidate.node",
                "Candidate.deadlineNanos",
                "Leader.node",
                "Leader.parameters",
                "Leader.diskProofDueNanos",
                "Leader.replication", // as the leader itself
                "Leader.disks",
                "Leader.succession",
                "Elections.raft",
                "Elections.node",
                "Elections.handover", // as the core's own
                "Haste.parameters",
                "Haste.random",
                "Handover.raft",
                "Handover.node",
                "OldLeaseWait.releases", // as the node's own
                "Promises.releases",
                "Wait.term", // compared with releases only, of which no scope has any
                "Wait.epoch",
                "OldLeaseWait.voters",
                "Durability.pendingSinceNanos",
                "Outstanding.sinceNanos",
                "LeaseRead.published",
                "LeaseRead.store",
                "LeaseRead.clock",
                "LeaseRead.keyHash");
    }
}
