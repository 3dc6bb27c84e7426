package io.tenure.net;

import com.google.protobuf.UnsafeByteOperations;
import io.tenure.protocol.proto.RepairReply;
import io.tenure.protocol.proto.RepairRequest;
import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import io.tenure.raft.Message;
import io.tenure.raft.SnapshotChunk;
import java.util.List;

/** {@link PeerCodec} for the repair of damaged files. Without state; any thread. */
final class RepairCodec {
    private RepairCodec() {}

    static RepairRequest encode(Message.RepairRequest request) {
        return RepairRequest.newBuilder()
                .setFirstIndex(request.firstIndex())
                .setLastIncludedIndex(request.snapshot().index())
                .setLastIncludedTerm(request.snapshot().term())
                .setOffset(request.offset())
                .setLowestIndex(request.lowestIndex())
                .build();
    }

    static Message decode(RepairRequest request) throws MalformedFrameException {
        String what = "RepairRequest";
        Checks.index(what, "first_index", request.getFirstIndex());
        EntryId snapshot =
                Checks.id(what, "last_included", request.getLastIncludedIndex(), request.getLastIncludedTerm());
        Checks.atLeast(what, "offset", request.getOffset(), 0);
        Checks.index(what, "lowest_index", request.getLowestIndex());
        return new Message.RepairRequest(
                request.getFirstIndex(), snapshot, request.getOffset(), request.getLowestIndex());
    }

    /** Refers to the bytes of entries and chunk. */
    static RepairReply encode(Message.RepairReply reply) {
        RepairReply.Builder encoded = RepairReply.newBuilder()
                .setTerm(reply.term())
                .setCommitIndex(reply.commitIndex())
                .setFirstIndex(reply.log().firstIndex())
                .setPreviousTerm(reply.log().previousTerm())
                .setLastIncludedTerm(EntryId.NONE.term())
                .setRepairing(reply.copy().repairing())
                .setDamaged(reply.copy().damaged())
                .setSnapshotIndex(reply.copy().snapshotIndex());
        if (!reply.log().entries().isEmpty()) {
            encoded.setBatch(BatchCodec.encode(reply.log().entries()));
        }
        SnapshotChunk chunk = reply.chunk();
        if (chunk != null) {
            encoded.setLastIncludedIndex(chunk.last().index())
                    .setLastIncludedTerm(chunk.last().term())
                    .setTotalBytes(chunk.totalBytes())
                    .setOffset(chunk.offset())
                    .setData(UnsafeByteOperations.unsafeWrap(chunk.bytes()));
        }
        return encoded.build();
    }

    static Message decode(RepairReply reply) throws MalformedFrameException {
        String what = "RepairReply";
        Checks.term(what, "term", reply.getTerm(), EntryId.NONE.term());
        Checks.index(what, "commit_index", reply.getCommitIndex());
        Checks.index(what, "first_index", reply.getFirstIndex());
        long previousTerm = reply.hasPreviousTerm() ? reply.getPreviousTerm() : EntryId.NONE.term();
        Checks.term(what, "previous_term", previousTerm, EntryId.NONE.term());
        // Terms of entries may be above the sender's, which is that of its metadata.
        List<Entry> entries =
                reply.hasBatch() ? BatchCodec.decode(reply.getBatch(), EntryId.NONE.term(), Long.MAX_VALUE) : List.of();
        SnapshotChunk chunk = null;
        EntryId last = Checks.id(what, "last_included", reply.getLastIncludedIndex(), reply.getLastIncludedTerm());
        if (last.index() > 0) {
            SnapshotCodec.checkPiece(what, reply.getOffset(), reply.getData().size(), reply.getTotalBytes());
            chunk = new SnapshotChunk(
                    last,
                    reply.getTotalBytes(),
                    reply.getOffset(),
                    reply.getData().toByteArray());
        }
        Checks.index(what, "snapshot_index", reply.getSnapshotIndex());
        Message.RepairCopy copy =
                new Message.RepairCopy(reply.getRepairing(), reply.getDamaged(), reply.getSnapshotIndex());
        return new Message.RepairReply(
                reply.getTerm(),
                reply.getCommitIndex(),
                new Message.RepairEntries(reply.getFirstIndex(), previousTerm, entries),
                chunk,
                copy);
    }
}
