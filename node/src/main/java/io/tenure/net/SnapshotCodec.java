package io.tenure.net;

import com.google.protobuf.UnsafeByteOperations;
import io.tenure.protocol.proto.InstallSnapshot;
import io.tenure.protocol.proto.InstallSnapshotReply;
import io.tenure.raft.EntryId;
import io.tenure.raft.Message;
import io.tenure.raft.SnapshotChunk;

/** {@link PeerCodec} for pieces of snapshots. Without state; any thread. */
final class SnapshotCodec {
    private SnapshotCodec() {}

    /** Refers to the chunk's bytes. */
    static InstallSnapshot encode(int self, Message.InstallSnapshot install) {
        SnapshotChunk chunk = install.chunk();
        return InstallSnapshot.newBuilder()
                .setTerm(install.term())
                .setLeaderId(self)
                .setLastIncludedIndex(chunk.last().index())
                .setLastIncludedTerm(chunk.last().term())
                .setTotalBytes(chunk.totalBytes())
                .setOffset(chunk.offset())
                .setData(UnsafeByteOperations.unsafeWrap(chunk.bytes()))
                .setLeaseMillis(install.leaseMillis())
                .setLeaseEpoch(install.leaseEpoch())
                .setSeq(install.seq())
                .build();
    }

    static Message decode(int from, InstallSnapshot install) throws MalformedFrameException {
        String what = "InstallSnapshot";
        Checks.term(what, install.getTerm());
        if (install.getLeaderId() != from) {
            throw Checks.malformed(what, "leader_id " + install.getLeaderId() + " on the link of node " + from);
        }
        EntryId last = Checks.id(what, "last_included", install.getLastIncludedIndex(), install.getLastIncludedTerm());
        Checks.atLeast(what, "last_included_index", last.index(), 1);
        if (last.term() > install.getTerm()) {
            throw Checks.malformed(what, "last_included_term " + last.term() + " above term " + install.getTerm());
        }
        checkPiece(what, install.getOffset(), install.getData().size(), install.getTotalBytes());
        Checks.millis(what, "lease_millis", install.getLeaseMillis());
        Checks.atLeast(what, "lease_epoch", install.getLeaseEpoch(), 0);
        Checks.atLeast(what, "seq", install.getSeq(), 1);
        return new Message.InstallSnapshot(
                install.getTerm(),
                new SnapshotChunk(
                        last,
                        install.getTotalBytes(),
                        install.getOffset(),
                        install.getData().toByteArray()),
                install.getLeaseMillis(),
                install.getLeaseEpoch(),
                install.getSeq());
    }

    /** Whether {@code bytes} at {@code offset} are a piece of a snapshot of this size. */
    static void checkPiece(String what, long offset, int bytes, long totalBytes) throws MalformedFrameException {
        Checks.atLeast(what, "total_bytes", totalBytes, 1);
        Checks.atLeast(what, "offset", offset, 0);
        if (offset > totalBytes || bytes > totalBytes - offset) {
            throw Checks.malformed(
                    what, bytes + " bytes at offset " + offset + " of a snapshot of " + totalBytes + " bytes");
        }
    }

    static InstallSnapshotReply encode(Message.InstallSnapshotReply reply) {
        return InstallSnapshotReply.newBuilder()
                .setTerm(reply.term())
                .setSeq(reply.seq())
                .setLeaseGranted(reply.leaseGranted())
                .setLastIncludedIndex(reply.last().index())
                .setLastIncludedTerm(reply.last().term())
                .setWantedOffset(reply.wantedOffset())
                .setInstalled(reply.installed())
                .build();
    }

    static Message decode(InstallSnapshotReply reply) throws MalformedFrameException {
        String what = "InstallSnapshotReply";
        Checks.term(what, reply.getTerm());
        Checks.atLeast(what, "seq", reply.getSeq(), 0);
        EntryId last = Checks.id(what, "last_included", reply.getLastIncludedIndex(), reply.getLastIncludedTerm());
        Checks.atLeast(what, "last_included_index", last.index(), 1);
        Checks.atLeast(what, "wanted_offset", reply.getWantedOffset(), Message.InstallSnapshotReply.NO_OFFSET);
        return new Message.InstallSnapshotReply(
                reply.getTerm(),
                reply.getSeq(),
                reply.getLeaseGranted(),
                last,
                reply.getWantedOffset(),
                reply.getInstalled());
    }
}
