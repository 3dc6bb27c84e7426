package io.tenure.fuzz;

import io.tenure.entry.LineEncoder;
import io.tenure.net.PeerCodec;
import io.tenure.protocol.proto.PeerFrame;
import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import io.tenure.raft.Message;
import io.tenure.raft.OldLease;
import io.tenure.raft.Release;
import io.tenure.raft.SnapshotChunk;
import java.util.ArrayList;
import java.util.List;

/** Frames that a peer may send: well formed, with small numbers, so that they mean something to a core. */
public final class PeerFrames {
    private static final int INDEX_MAX = 24;
    private static final int ENTRIES_MAX = 4;

    private final Choices choices;
    private final int from;
    private final PeerCodec codec;

    /** Makes frames of one peer. */
    public PeerFrames(Choices choices, int from) {
        this.choices = choices;
        this.from = from;
        this.codec = new PeerCodec(from);
    }

    /**
     * A well-formed frame.
     *
     * @param termMax largest term in it, at least 0
     */
    public PeerFrame next(int termMax) {
        long term = choices.below(termMax + 1);
        return codec.encode(
                switch (choices.below(14)) {
                    case 0, 1 -> append(term);
                    case 2 -> reply(term);
                    case 3 -> new Message.RequestVote(term, choices.flip(), id(term));
                    case 4 -> snapshot(term);
                    case 5 -> snapshotReply(term);
                    case 6 -> repairRequest();
                    case 7 -> repairReply(term);
                    case 8 -> new Message.TimeoutNow(term, release(term));
                    case 9 -> new Message.LeaseRelease(term, release(choices.below((int) term + 1)));
                    case 12 -> new Message.ReadIndex(term, 1 + choices.below(8));
                    case 13 -> new Message.ReadIndexReply(term, 1 + choices.below(8), choices.below(INDEX_MAX) - 1L);
                    case 10 -> new Message.RequestVote(term, false, id(term), term > 0 ? release(term - 1) : null);
                    default -> voteReply(term);
                });
    }

    private Message append(long term) {
        EntryId prev = id(term);
        long commit = choices.below(INDEX_MAX);
        return new Message.AppendEntry(
                term,
                prev,
                entries(prev, term),
                commit,
                100L * choices.below(8),
                0,
                1 + choices.below(64),
                choices.onceIn(4) ? new Message.Echo(1 + choices.below(64), commit + choices.below(4)) : null);
    }

    private List<Entry> entries(EntryId prev, long term) {
        List<Entry> entries = new ArrayList<>();
        long entryTerm = Math.max(prev.term(), 0);
        for (int left = choices.below(ENTRIES_MAX + 1); left > 0; left--) {
            entryTerm += choices.below((int) (term - entryTerm) + 1);
            entries.add(
                    choices.onceIn(4)
                            ? LineEncoder.noOp(entryTerm)
                            : LineEncoder.set(
                                    "k" + choices.below(4), "v" + left, 1 + choices.below(3), 1 + left, entryTerm));
        }
        return entries;
    }

    private Message reply(long term) {
        boolean success = choices.flip();
        long match = success ? choices.below(INDEX_MAX) : 0;
        return new Message.AppendEntryReply(
                term,
                choices.below(64),
                choices.flip(),
                success,
                match,
                success ? match + choices.below(4) : 0,
                success ? EntryId.NONE : id(term),
                choices.flip(),
                choices.below(64));
    }

    private Message voteReply(long term) {
        List<OldLease> leases = new ArrayList<>();
        for (int left = choices.below(3); left > 0; left--) {
            leases.add(new OldLease(choices.below(4) - 1, choices.below(4), 0, choices.below(500)));
        }
        boolean preVote = choices.flip();
        return new Message.RequestVoteReply(term, preVote, choices.flip(), term + (preVote ? 1 : 0), leases);
    }

    private Message snapshot(long term) {
        return new Message.InstallSnapshot(term, chunk(term), 100L * choices.below(8), 0, 1 + choices.below(64));
    }

    private SnapshotChunk chunk(long term) {
        byte[] bytes = choices.bytes(8);
        long offset = choices.below(64);
        return new SnapshotChunk(
                new EntryId(1 + choices.below(INDEX_MAX), choices.below((int) term + 1)),
                1 + offset + bytes.length + choices.below(64),
                offset,
                bytes);
    }

    private Message snapshotReply(long term) {
        EntryId last = new EntryId(1 + choices.below(INDEX_MAX), choices.below((int) term + 1));
        return new Message.InstallSnapshotReply(
                term, choices.below(64), choices.flip(), last, choices.below(128) - 1L, choices.flip());
    }

    private Message repairRequest() {
        return choices.flip()
                ? Message.RepairRequest.entries(1 + choices.below(INDEX_MAX))
                : new Message.RepairRequest(
                        0, choices.flip() ? id(3) : EntryId.NONE, choices.below(64), choices.below(INDEX_MAX));
    }

    private Message repairReply(long term) {
        Message.RepairCopy copy = new Message.RepairCopy(choices.flip(), choices.flip(), choices.below(INDEX_MAX));
        long commitIndex = choices.below(INDEX_MAX);
        if (choices.flip()) {
            EntryId prev = id(term);
            Message.RepairEntries log = new Message.RepairEntries(prev.index() + 1, prev.term(), entries(prev, term));
            return new Message.RepairReply(term, commitIndex, log, null, copy);
        }
        return new Message.RepairReply(term, commitIndex, Message.RepairEntries.NONE, chunk(term), copy);
    }

    /** Of the node itself, as most releases are. */
    private Release release(long term) {
        return new Release(from, term, choices.flip() ? Release.ALL_EPOCHS : choices.below(3));
    }

    private EntryId id(long termMax) {
        int index = choices.below(INDEX_MAX);
        return index == 0 ? EntryId.NONE : new EntryId(index, choices.below((int) termMax + 1));
    }
}
