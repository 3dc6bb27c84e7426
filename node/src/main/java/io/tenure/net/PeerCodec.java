package io.tenure.net;

import static io.tenure.net.Checks.atLeast;
import static io.tenure.net.Checks.id;
import static io.tenure.net.Checks.index;
import static io.tenure.net.Checks.malformed;
import static io.tenure.net.Checks.millis;
import static io.tenure.net.Checks.term;

import io.tenure.protocol.Limits;
import io.tenure.protocol.proto.AppendEntry;
import io.tenure.protocol.proto.AppendEntryReply;
import io.tenure.protocol.proto.PeerFrame;
import io.tenure.protocol.proto.RequestVote;
import io.tenure.protocol.proto.RequestVoteReply;
import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import io.tenure.raft.Message;
import io.tenure.raft.OldLease;
import io.tenure.raft.Release;
import java.util.ArrayList;
import java.util.List;

/**
 * The core's messages as the frames of {@code peer.proto}, and back. Text of entries is carried, never encoded again
 * (DESIGN.md, D3). Whatever is decoded is checked in full: a message that the core gets is one that a correct peer could
 * have sent. Without state; any thread.
 */
public final class PeerCodec {
    private final int self;

    /** Makes the codec of the node {@code self}, whose id goes into what it encodes. */
    public PeerCodec(int self) {
        this.self = self;
    }

    /** The frame for {@code message}. It refers to the entries' bytes, which nobody may change. */
    public PeerFrame encode(Message message) {
        PeerFrame.Builder frame = PeerFrame.newBuilder();
        if (message instanceof Message.AppendEntry append) {
            frame.setAppendEntry(encode(append));
        } else if (message instanceof Message.AppendEntryReply reply) {
            frame.setAppendEntryReply(encode(reply));
        } else if (message instanceof Message.RequestVote request) {
            frame.setRequestVote(encode(request));
        } else if (message instanceof Message.RequestVoteReply reply) {
            frame.setRequestVoteReply(encode(reply));
        } else if (message instanceof Message.InstallSnapshot install) {
            frame.setInstallSnapshot(SnapshotCodec.encode(self, install));
        } else if (message instanceof Message.InstallSnapshotReply reply) {
            frame.setInstallSnapshotReply(SnapshotCodec.encode(reply));
        } else if (message instanceof Message.RepairRequest request) {
            frame.setRepairRequest(RepairCodec.encode(request));
        } else if (message instanceof Message.RepairReply reply) {
            frame.setRepairReply(RepairCodec.encode(reply));
        } else if (message instanceof Message.TimeoutNow timeout) {
            frame.setTimeoutNow(ReleaseCodec.encode(self, timeout));
        } else if (message instanceof Message.LeaseRelease released) {
            frame.setLeaseRelease(ReleaseCodec.encode(released));
        } else if (message instanceof Message.ReadIndex question) {
            frame.setReadIndex(ReadIndexCodec.encode(question));
        } else if (message instanceof Message.ReadIndexReply reply) {
            frame.setReadIndexReply(ReadIndexCodec.encode(reply));
        }
        return frame.build();
    }

    /**
     * The message in {@code frame}, which came from the peer {@code from}.
     *
     * @throws MalformedFrameException if no correct peer {@code from} could have sent it
     */
    public Message decode(int from, PeerFrame frame) throws MalformedFrameException {
        return switch (frame.getMessageCase()) {
            case REQUEST_VOTE -> decode(from, frame.getRequestVote());
            case REQUEST_VOTE_REPLY -> decode(frame.getRequestVoteReply());
            case APPEND_ENTRY -> decode(from, frame.getAppendEntry());
            case APPEND_ENTRY_REPLY -> decode(frame.getAppendEntryReply());
            case INSTALL_SNAPSHOT -> SnapshotCodec.decode(from, frame.getInstallSnapshot());
            case INSTALL_SNAPSHOT_REPLY -> SnapshotCodec.decode(frame.getInstallSnapshotReply());
            case REPAIR_REQUEST -> RepairCodec.decode(frame.getRepairRequest());
            case REPAIR_REPLY -> RepairCodec.decode(frame.getRepairReply());
            case TIMEOUT_NOW -> ReleaseCodec.decode(from, frame.getTimeoutNow());
            case LEASE_RELEASE -> ReleaseCodec.decode(from, frame.getLeaseRelease());
            case READ_INDEX -> ReadIndexCodec.decode(frame.getReadIndex());
            case READ_INDEX_REPLY -> ReadIndexCodec.decode(frame.getReadIndexReply());
            case MESSAGE_NOT_SET -> throw new MalformedFrameException("a peer frame without a message");
        };
    }

    private RequestVote encode(Message.RequestVote request) {
        RequestVote.Builder encoded = RequestVote.newBuilder()
                .setTerm(request.term())
                .setCandidateId(self)
                .setPreVote(request.preVote())
                .setLastLogIndex(request.last().index())
                .setLastLogTerm(request.last().term());
        if (request.release() != null) {
            encoded.setRelease(ReleaseCodec.encode(request.release()));
        }
        return encoded.build();
    }

    private static Message decode(int from, RequestVote request) throws MalformedFrameException {
        String what = "RequestVote";
        term(what, request.getTerm());
        if (request.getCandidateId() != from) {
            throw malformed(what, "candidate_id " + request.getCandidateId() + " on the link of node " + from);
        }
        EntryId last = id(what, "last_log", request.getLastLogIndex(), request.getLastLogTerm());
        if (last.term() > request.getTerm()) {
            throw malformed(what, "last_log_term " + last.term() + " above term " + request.getTerm());
        }
        Release release = request.hasRelease() ? ReleaseCodec.decode(what, request.getRelease()) : null;
        if (release != null && release.term() >= request.getTerm()) {
            throw malformed(what, "a release of term " + release.term() + " in term " + request.getTerm());
        }
        return new Message.RequestVote(request.getTerm(), request.getPreVote(), last, release);
    }

    private static RequestVoteReply encode(Message.RequestVoteReply reply) {
        RequestVoteReply.Builder encoded = RequestVoteReply.newBuilder()
                .setTerm(reply.term())
                .setPreVote(reply.preVote())
                .setVoteGranted(reply.granted())
                .setRequestTerm(reply.requestTerm());
        long longestMillis = 0;
        for (OldLease lease : reply.oldLeases()) {
            longestMillis = Math.max(longestMillis, lease.remainingMillis());
            encoded.addOldLeases(io.tenure.protocol.proto.OldLease.newBuilder()
                    .setHolder(lease.holder())
                    .setTerm(lease.term())
                    .setEpoch(lease.epoch())
                    .setRemainingMillis(lease.remainingMillis()));
        }
        return encoded.setLongestOldLeaseMillis(longestMillis).build();
    }

    private static Message decode(RequestVoteReply reply) throws MalformedFrameException {
        String what = "RequestVoteReply";
        // A voter that never saw a term may answer a pre-vote.
        term(what, "term", reply.getTerm(), -1);
        term(what, "request_term", reply.getRequestTerm(), 0);
        if (reply.getOldLeasesCount() > Limits.OLD_LEASES_MAX) {
            throw malformed(
                    what, reply.getOldLeasesCount() + " old leases; at most " + Limits.OLD_LEASES_MAX + " are allowed");
        }
        List<OldLease> leases = new ArrayList<>(reply.getOldLeasesCount());
        long longestMillis = 0;
        for (io.tenure.protocol.proto.OldLease lease : reply.getOldLeasesList()) {
            atLeast(what, "holder", lease.getHolder(), OldLease.UNKNOWN);
            atLeast(what, "term of an old lease", lease.getTerm(), -1);
            atLeast(what, "epoch", lease.getEpoch(), 0);
            millis(what, "remaining_millis", lease.getRemainingMillis());
            longestMillis = Math.max(longestMillis, lease.getRemainingMillis());
            leases.add(new OldLease(lease.getHolder(), lease.getTerm(), lease.getEpoch(), lease.getRemainingMillis()));
        }
        if (reply.getLongestOldLeaseMillis() != longestMillis) {
            throw malformed(
                    what,
                    "longest_old_lease_millis " + reply.getLongestOldLeaseMillis() + " where the longest is "
                            + longestMillis);
        }
        return new Message.RequestVoteReply(
                reply.getTerm(), reply.getPreVote(), reply.getVoteGranted(), reply.getRequestTerm(), leases);
    }

    private AppendEntry encode(Message.AppendEntry append) {
        AppendEntry.Builder encoded = AppendEntry.newBuilder()
                .setTerm(append.term())
                .setLeaderId(self)
                .setPrevLogIndex(append.prev().index())
                .setPrevLogTerm(append.prev().term())
                .setLeaderCommit(append.leaderCommit())
                .setLeaseMillis(append.leaseMillis())
                .setLeaseEpoch(append.leaseEpoch())
                .setSeq(append.seq());
        if (append.echo() != null) {
            encoded.setEchoStamp(append.echo().stamp())
                    .setEchoCommit(append.echo().commitIndex());
        }
        if (!append.entries().isEmpty()) {
            encoded.setBatch(BatchCodec.encode(append.entries()));
        }
        return encoded.build();
    }

    private static Message decode(int from, AppendEntry append) throws MalformedFrameException {
        String what = "AppendEntry";
        term(what, append.getTerm());
        if (append.getLeaderId() != from) {
            throw malformed(what, "leader_id " + append.getLeaderId() + " on the link of node " + from);
        }
        EntryId prev = id(what, "prev_log", append.getPrevLogIndex(), append.getPrevLogTerm());
        if (prev.term() > append.getTerm()) {
            throw malformed(what, "prev_log_term " + prev.term() + " above term " + append.getTerm());
        }
        index(what, "leader_commit", append.getLeaderCommit());
        millis(what, "lease_millis", append.getLeaseMillis());
        atLeast(what, "lease_epoch", append.getLeaseEpoch(), 0);
        atLeast(what, "seq", append.getSeq(), 1);
        List<Entry> entries =
                append.hasBatch() ? BatchCodec.decode(append.getBatch(), prev.term(), append.getTerm()) : List.of();
        return new Message.AppendEntry(
                append.getTerm(),
                prev,
                entries,
                append.getLeaderCommit(),
                append.getLeaseMillis(),
                append.getLeaseEpoch(),
                append.getSeq(),
                ReadIndexCodec.echoIn(append));
    }

    private static AppendEntryReply encode(Message.AppendEntryReply reply) {
        EntryId hint = reply.hint() == null ? EntryId.NONE : reply.hint();
        return AppendEntryReply.newBuilder()
                .setTerm(reply.term())
                .setSeq(reply.seq())
                .setLeaseGranted(reply.leaseGranted())
                .setSuccess(reply.success())
                .setMatchIndex(reply.matchIndex())
                .setReceivedIndex(reply.receivedIndex())
                .setHintIndex(hint.index())
                .setHintTerm(hint.term())
                .setDiskFull(reply.diskFull())
                .setStamp(reply.stamp())
                .build();
    }

    private static Message decode(AppendEntryReply reply) throws MalformedFrameException {
        String what = "AppendEntryReply";
        term(what, reply.getTerm());
        atLeast(what, "seq", reply.getSeq(), 0);
        atLeast(what, "stamp", reply.getStamp(), 0);
        index(what, "match_index", reply.getMatchIndex());
        index(what, "received_index", reply.getReceivedIndex());
        if (reply.getMatchIndex() > reply.getReceivedIndex()) {
            throw malformed(
                    what, "match_index " + reply.getMatchIndex() + " above received_index " + reply.getReceivedIndex());
        }
        EntryId hint = id(what, "hint", reply.getHintIndex(), reply.getHintTerm());
        return new Message.AppendEntryReply(
                reply.getTerm(),
                reply.getSeq(),
                reply.getLeaseGranted(),
                reply.getSuccess(),
                reply.getMatchIndex(),
                reply.getReceivedIndex(),
                hint,
                reply.getDiskFull(),
                reply.getStamp());
    }
}
