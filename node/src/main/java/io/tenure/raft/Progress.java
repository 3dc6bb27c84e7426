package io.tenure.raft;

import java.util.ArrayDeque;
import java.util.List;

/**
 * What the leader believes of one follower (paper, figure 2: nextIndex, matchIndex) and how it sends to it: one message at a
 * time until the logs are known to meet (probing), then many in flight, assuming that they arrive.
 */
final class Progress {
    private static final int INFLIGHT_MESSAGES_MAX = 256;

    private record Inflight(long lastIndex, long bytes) {}

    final int peer;
    final int slot;
    private final long inflightBytesMax;
    private final ArrayDeque<Inflight> inflight = new ArrayDeque<>();
    private long inflightBytes;
    private long matchIndex;
    /** What leaves with a larger number leaves after {@link #matchIndex} was heard of. */
    private long matchSeq;

    private long nextIndex;
    /** The largest commit index that a message has carried to it. */
    private long toldCommitIndex;

    private boolean probing = true;
    private boolean probeSent;
    /** First index of the entries that are being read from disk, 0 if none are. */
    private long fetchIndex;

    private boolean fetchFailed;
    /** Whether the follower takes no writes, as its disk is full. */
    private boolean diskFull;
    /** Whether the link to it is lost, and nothing was heard of it since. */
    private boolean unreachable;
    /** Set while the follower needs a snapshot, as the log begins after what it lacks. */
    private SnapshotSending sending;

    /** The follower's number of what was heard of it last; 0 if it had none. */
    private long stamp;

    Progress(int peer, int slot, long nextIndex, long inflightBytesMax) {
        this.peer = peer;
        this.slot = slot;
        this.nextIndex = nextIndex;
        this.inflightBytesMax = inflightBytesMax;
    }

    /** One for each voter but this node, all to be asked first about the entry before {@code nextIndex}. */
    static Progress[] ofFollowers(Parameters parameters, long nextIndex) {
        List<Integer> voters = parameters.voters();
        Progress[] followers = new Progress[voters.size() - 1];
        int count = 0;
        for (int slot = 0; slot < voters.size(); slot++) {
            if (voters.get(slot) != parameters.nodeId()) {
                followers[count++] = new Progress(voters.get(slot), slot, nextIndex, parameters.inflightBytesMax());
            }
        }
        return followers;
    }

    /** Durable on the follower and equal to this log, up to here. */
    long matchIndex() {
        return matchIndex;
    }

    long nextIndex() {
        return nextIndex;
    }

    /** Whether it is not known where the logs meet. */
    boolean isProbing() {
        return probing;
    }

    /** What the follower finds again when it sent what was heard of it last. */
    long stamp() {
        return stamp;
    }

    /** The newest that has come, not the largest: after a restart its numbers begin anew. */
    void onStamp(long newStamp) {
        if (newStamp > 0) {
            stamp = newStamp;
        }
    }

    /** Whether the follower said last that its disk is full: then it drops the writes that reach it. */
    boolean isDiskFull() {
        return diskFull;
    }

    /** Whether what is sent has a way to it, as far as is known. */
    boolean isReachable() {
        return !unreachable;
    }

    /** The link is there again, or the follower was heard of. */
    void onReachable() {
        unreachable = false;
    }

    /** The follower says whether its disk is full; told before what else its answer says. */
    void onDiskSpace(boolean full) {
        diskFull = full;
    }

    /** The snapshot on its way, null if none is needed. */
    SnapshotSending sending() {
        return sending;
    }

    /** The follower lacks entries that the log has no more. */
    void sendSnapshot(SnapshotSending snapshot) {
        probeFrom(matchIndex + 1);
        fetchIndex = 0;
        sending = snapshot;
    }

    /** The follower holds everything up to {@code index} now. */
    void onInstalled(long index) {
        sending = null;
        probeFrom(index + 1);
    }

    /** The log begins after {@code base} now: a follower that lags behind is asked anew where it stands. */
    void onCompacted(long base) {
        if (sending == null && nextIndex <= base) {
            probeFrom(base + 1);
        }
    }

    /** A message that carries this commit index has left. */
    void onToldCommit(long index) {
        toldCommitIndex = index;
    }

    /** Whether it should be told of a commit: it has the entries, as far as is known, and no message since has said so. */
    boolean lacksCommit(long index) {
        return toldCommitIndex < index && !probing && !unreachable && sending == null;
    }

    /** Whether entries may be sent now. */
    boolean maySend() {
        if (sending != null) {
            return false;
        }
        if (fetchIndex > 0 || fetchFailed || (probing && probeSent)) {
            return false;
        }
        return inflight.size() < INFLIGHT_MESSAGES_MAX && inflightBytes < inflightBytesMax;
    }

    /** Entries up to {@code lastIndex} are on their way. */
    void onSent(long lastIndex, long bytes) {
        if (probing) {
            probeSent = true;
            return;
        }
        nextIndex = lastIndex + 1;
        inflight.add(new Inflight(lastIndex, bytes));
        inflightBytes += bytes;
    }

    /** A heartbeat is due: an unanswered probe may have been lost and is sent again, a fetch that failed is repeated. */
    void onHeartbeat() {
        probeSent = false;
        fetchFailed = false;
    }

    /** Entries from {@code index} on are being read from disk; until they come, no others are sent. */
    void onFetch(long index) {
        fetchIndex = index;
    }

    /**
     * The disk answered; whether the entries from {@code index} on are what is to be sent now. They are not if the follower
     * turned out to need others since. If there were none, the next heartbeat asks again.
     */
    boolean onFetched(long index, boolean found) {
        if (index != fetchIndex) {
            return false;
        }
        fetchIndex = 0;
        fetchFailed = !found;
        return found && index == nextIndex && !diskFull && maySend();
    }

    /**
     * Sees whether the follower has lost what it had acknowledged in this term: it answers what was sent after that was known
     * here, and holds less. An answer to anything earlier may only be late. Then only what it acknowledges anew counts.
     */
    boolean forgetIfWentBack(Message.AppendEntryReply reply) {
        long held = reply.success() ? reply.matchIndex() : reply.hint().index();
        boolean wentBack = reply.seq() > matchSeq && held < matchIndex;
        if (wentBack) {
            matchIndex = 0;
            probeFrom(nextIndex);
        }
        return wentBack;
    }

    /**
     * The follower's log is this one up to {@code received}, and durable there up to {@code match}. If its disk is
     * full, it drops what else is on its way: that is sent again once it has room.
     *
     * @param lastSeq the last number that a message was given so far
     */
    void onSuccess(long match, long received, long lastSeq) {
        if (match > matchIndex) {
            matchIndex = match;
            matchSeq = lastSeq;
        }
        while (!inflight.isEmpty() && inflight.peek().lastIndex <= matchIndex) {
            inflightBytes -= inflight.poll().bytes;
        }
        if (probing || received >= nextIndex) {
            nextIndex = Math.max(received, matchIndex) + 1;
        }
        probing = false;
        probeSent = false;
        if (diskFull) {
            probeFrom(received + 1);
        }
    }

    /**
     * The logs do not meet where assumed; they may at {@code commonIndex}. Never below what is known to match. One loss makes
     * the follower reject all that was in flight behind it: what a probe has already taken into account is not news.
     */
    void onReject(long commonIndex) {
        long index = Math.max(matchIndex, commonIndex) + 1;
        if (!probing || index < nextIndex) {
            probeFrom(Math.min(nextIndex, index));
        }
    }

    /** What was in flight may be lost. */
    void onLinkLost() {
        unreachable = true;
        probeFrom(matchIndex + 1);
    }

    private void probeFrom(long index) {
        nextIndex = Math.max(matchIndex + 1, index);
        probing = true;
        probeSent = false;
        inflight.clear();
        inflightBytes = 0;
    }
}
