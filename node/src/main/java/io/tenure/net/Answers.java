package io.tenure.net;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.tenure.entry.KeyValue;
import io.tenure.handoff.Clock;
import io.tenure.handoff.DiskSpace;
import io.tenure.handoff.NodeStatus;
import io.tenure.handoff.Reply;
import io.tenure.handoff.StoreReader;
import io.tenure.protocol.HostPort;
import io.tenure.protocol.proto.ClientReply;
import io.tenure.protocol.proto.Member;
import io.tenure.protocol.proto.Outcome;
import io.tenure.protocol.proto.SessionOpened;
import io.tenure.raft.Role;
import io.tenure.raft.Timing;
import java.util.function.Supplier;

/** Words the answers to clients. */
final class Answers {
    private static final NodeStatus BEFORE_FIRST =
            new NodeStatus(Role.FOLLOWER, -1, Reply.NO_LEADER, false, 0, 0, 0, DiskSpace.UNKNOWN, null);
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final ClusterView cluster;
    private final Supplier<NodeStatus> published;
    private final StoreReader store;
    private final Clock clock;
    private final int sessionWindow;

    Answers(ClusterView cluster, GatewaySeams seams, int sessionWindow) {
        this.cluster = cluster;
        this.published = seams.status();
        this.store = seams.store();
        this.clock = seams.clock();
        this.sessionWindow = sessionWindow;
    }

    /** Who answers. */
    int nodeId() {
        return cluster.nodeId();
    }

    /** The node's status, of a node that does nothing yet before it has published one. */
    NodeStatus status() {
        NodeStatus status = published.get();
        return status == null ? BEFORE_FIRST : status;
    }

    ClientReply invalid(long requestId, String reason) {
        return notDone(requestId, Outcome.INVALID, reason);
    }

    ClientReply busy(long requestId, String reason) {
        return notDone(requestId, Outcome.BUSY, reason);
    }

    private ClientReply notDone(long requestId, Outcome outcome, String reason) {
        NodeStatus status = status();
        return answer(requestId, outcome, status.term(), status.leader())
                .setReason(reason)
                .build();
    }

    ClientReply leaseRead(long requestId, LeaseRead read) {
        ClientReply.Builder reply = answer(requestId, Outcome.DONE, read.term(), cluster.nodeId());
        return withKeyValue(reply, read.keyValue()).setIndex(read.index()).build();
    }

    ClientReply localRead(long requestId, LocalRead read) {
        NodeStatus status = status();
        ClientReply.Builder reply = answer(requestId, Outcome.DONE, status.term(), status.leader());
        return withKeyValue(reply, read.keyValue())
                .setIndex(read.index())
                .setAgeMillis(read.ageMillis())
                .build();
    }

    /** No leader says that the data are as new as they must be, and by themselves they are not. */
    ClientReply tooOld(long requestId, Reply reply, long ageMillis) {
        String age = ageMillis == LocalRead.UNKNOWN_AGE
                ? " can't tell how old its data are"
                : " has data that are " + ageMillis + " ms old, more than asked";
        return answer(requestId, Outcome.NOT_CURRENT, reply.term(), reply.leader())
                .setReason("node " + cluster.nodeId() + age + ", and no leader has answered it")
                .build();
    }

    private static ClientReply.Builder withKeyValue(ClientReply.Builder reply, byte[] keyValue) {
        if (keyValue != null) {
            // Not copied: the array of the store never changes.
            int start = KeyValue.valueStart(keyValue);
            reply.setFound(true).setValue(UnsafeByteOperations.unsafeWrap(keyValue, start, keyValue.length - start));
        }
        return reply;
    }

    ClientReply of(long requestId, Tickets.Kind kind, Reply reply) {
        ClientReply.Builder answer = answer(requestId, outcome(reply.outcome()), reply.term(), reply.leader());
        if (reply.outcome() != Reply.Outcome.DONE) {
            return answer.setReason(reason(reply.outcome())).build();
        }
        return switch (kind) {
            case GET_SESSION ->
                withValue(answer.setIndex(reply.index()), reply.value())
                        .setAgeMillis(LocalRead.UNKNOWN_AGE)
                        .build();
            case SET, GET, GET_BOUNDED ->
                withValue(answer.setIndex(reply.index()), reply.value()).build();
            case TRANSFER -> withLeaderAddress(answer, reply.leader()).build();
            case OPEN_SESSION ->
                answer.setSession(SessionOpened.newBuilder()
                                .setSession(reply.session())
                                .setBirthIndex(reply.index())
                                .setWindow(sessionWindow))
                        .build();
        };
    }

    ClientReply nodeStatus(long requestId) {
        NodeStatus status = status();
        long leftMillis =
                status.leased() ? Math.max(0, (status.leaseEndNanos() - clock.nanoTime()) / NANOS_PER_MILLI) : -1;
        io.tenure.protocol.proto.NodeStatus.Builder told = io.tenure.protocol.proto.NodeStatus.newBuilder()
                .setNodeId(cluster.nodeId())
                .setClusterId(cluster.clusterId())
                .setRole(status.role().name())
                .setTerm(status.term())
                .setLeaderId(status.leader())
                .setLeaseLeftMillis(leftMillis)
                .setLastIndex(status.lastIndex())
                .setCommitIndex(status.commitIndex())
                .setAppliedIndex(store.appliedIndex())
                .setTrouble(status.disk().isFull() ? status.disk().toString() : "");
        if (status.timing() != null) {
            told.setTiming(timing(status.timing()));
        }
        cluster.clientAddresses()
                .forEach((id, address) ->
                        told.addMembers(Member.newBuilder().setNodeId(id).setClientAddress(address.toString())));
        return answer(requestId, Outcome.DONE, status.term(), status.leader())
                .setStatus(told)
                .build();
    }

    private static io.tenure.protocol.proto.Timing timing(Timing timing) {
        return io.tenure.protocol.proto.Timing.newBuilder()
                .setHeartbeatMillis(timing.heartbeatNanos() / NANOS_PER_MILLI)
                .setLeaseMillis(timing.leaseMillis())
                .setElectionTimeoutMinMillis(timing.electionTimeoutMinNanos() / NANOS_PER_MILLI)
                .setElectionTimeoutMaxMillis(timing.electionTimeoutMaxNanos() / NANOS_PER_MILLI)
                .build();
    }

    private ClientReply.Builder answer(long requestId, Outcome outcome, long term, int leader) {
        ClientReply.Builder answer = ClientReply.newBuilder()
                .setId(requestId)
                .setOutcome(outcome)
                .setNodeId(cluster.nodeId())
                .setTerm(term)
                .setLeaderId(leader);
        return outcome == Outcome.DONE ? answer : withLeaderAddress(answer, leader);
    }

    private ClientReply.Builder withLeaderAddress(ClientReply.Builder answer, int leader) {
        HostPort address = cluster.clientAddresses().get(leader);
        return address == null ? answer : answer.setLeaderAddress(address.toString());
    }

    private static ClientReply.Builder withValue(ClientReply.Builder answer, String value) {
        return value == null ? answer : answer.setFound(true).setValue(ByteString.copyFromUtf8(value));
    }

    private static Outcome outcome(Reply.Outcome outcome) {
        return switch (outcome) {
            case DONE -> Outcome.DONE;
            case NOT_LEADER -> Outcome.NOT_LEADER;
            case NO_LEASE -> Outcome.NO_LEASE;
            case BUSY -> Outcome.BUSY;
            case UNKNOWN -> Outcome.UNKNOWN;
            case SESSION_EXPIRED -> Outcome.SESSION_EXPIRED;
            case NUMBER_TOO_OLD -> Outcome.NUMBER_TOO_OLD;
            case DISK_FULL -> Outcome.DISK_FULL;
            case LEADER_SILENT, BEHIND -> Outcome.NOT_CURRENT;
            case TARGET_UNKNOWN -> Outcome.INVALID;
            case TARGET_SILENT, TARGET_BEHIND, TRANSFER_UNDER_WAY, TRANSFER_ABORTED, TRANSFER_ASTRAY ->
                Outcome.NOT_TRANSFERRED;
        };
    }

    private String reason(Reply.Outcome outcome) {
        String node = "node " + cluster.nodeId();
        return switch (outcome) {
            case DONE -> "";
            case NOT_LEADER -> node + " does not lead";
            case NO_LEASE -> node + " leads but holds no lease now";
            case BUSY -> node + " has too much under way";
            case UNKNOWN -> node + " lost leadership; the write may still take effect";
            case SESSION_EXPIRED -> "the session is not known any more; an earlier attempt may have taken effect";
            case NUMBER_TOO_OLD -> "the number is below the session's window; the write may have taken effect";
            case LEADER_SILENT -> node + " knows no leader, or has no answer of it";
            case BEHIND -> node + " lacks entries that the session has seen";
            case DISK_FULL -> diskFull();
            case TARGET_UNKNOWN ->
                "no such member; members are " + cluster.clientAddresses().keySet();
            case TARGET_SILENT -> "no node that could take over has answered " + node + " of late";
            case TARGET_BEHIND -> "the log of the node asked for is too far behind that of " + node;
            case TRANSFER_UNDER_WAY -> "leadership is already on its way from " + node;
            case TRANSFER_ABORTED -> "the node asked for did not take over in time; " + node + " leads on";
            case TRANSFER_ASTRAY -> node + " leads no longer, but the node asked for was not elected";
        };
    }

    private String diskFull() {
        DiskSpace disk = status().disk();
        return disk.isFull() ? disk.toString() : "so many disks are full that no majority has room for a write";
    }
}
