package io.tenure.raft;

import java.util.Arrays;

/**
 * How long this leader may believe that no other one has committed anything (LEASE.md, 3.6 leaseEnd). The lease counts
 * from the send time of the majority-th newest message whose promise was granted, never from the arrival of the answer,
 * and the leader finds the send time by the sequence number that the answer echoes: with several messages in flight,
 * "the last one sent" would be later than the promise (LEASE.md 4, #9 and #10). It lasts for what that message asked for, not
 * for what messages ask for by now: the length may change from one to the next.
 */
final class LeaderLease {
    private static final long NEVER = Long.MIN_VALUE;

    /** Messages sent within this time share a number, and count from the first one's time, which is safe. */
    private static final long SEQ_SPAN_NANOS = Parameters.NANOS_PER_MILLI;

    private static final long NOTHING_SENT = -1;

    private static final int SENT_SLOTS = 8192;

    private final int selfSlot;
    private final double clockDriftMax;
    private final long[] ackSendNanos;
    /** By voter: how long its promises may be trusted, those to be kept for longest. */
    private final long[] ackEndNanos;

    private final long[] ackSeq;
    private final long[] sentNanos = new long[SENT_SLOTS];
    private final long[] sentSeq = new long[SENT_SLOTS];
    /** The length that the message asked for, or {@link #NOTHING_SENT}. */
    private final long[] sentLeaseMillis = new long[SENT_SLOTS];

    private final RoundTrips roundTrips;
    private long longestAskedMillis;
    private long seq;
    private long epoch;
    /** Whether nothing is claimed, as leadership is on its way to another node. */
    private boolean suspended;
    /** First number of this epoch: promises made to earlier ones count for nothing. */
    private long epochSeq;

    LeaderLease(int voters, int selfSlot, double clockDriftMax, long leaseMillis) {
        this.selfSlot = selfSlot;
        this.clockDriftMax = clockDriftMax;
        this.longestAskedMillis = leaseMillis;
        this.ackSendNanos = new long[voters];
        this.ackEndNanos = new long[voters];
        this.ackSeq = new long[voters];
        this.roundTrips = new RoundTrips(voters);
        Arrays.fill(ackSendNanos, NEVER);
        Arrays.fill(ackEndNanos, NEVER);
    }

    /** Number for a message that leaves now and asks for a promise of that length, or 0 for none. */
    long seqFor(long now, long leaseMillis) {
        if (seq == 0 || now - sentNanos[slot(seq)] >= SEQ_SPAN_NANOS || asksForOther(leaseMillis)) {
            newSeq(now);
        }
        sentLeaseMillis[slot(seq)] = leaseMillis;
        longestAskedMillis = Math.max(longestAskedMillis, leaseMillis);
        return seq;
    }

    private boolean asksForOther(long leaseMillis) {
        long asked = sentLeaseMillis[slot(seq)];
        return asked != NOTHING_SENT && asked != leaseMillis;
    }

    /** How long the followers take to answer. */
    RoundTrips roundTrips() {
        return roundTrips;
    }

    /** The last number given; what gets a larger one leaves later. */
    long lastSeq() {
        return seq;
    }

    /** Begins a new number: an answer to it proves contact after this moment (ReadIndex; thesis, 6.4). */
    long newSeq(long now) {
        seq++;
        sentNanos[slot(seq)] = now;
        sentSeq[slot(seq)] = seq;
        sentLeaseMillis[slot(seq)] = NOTHING_SENT;
        return seq;
    }

    /** A voter answered message {@code answered} in this term; {@code granted} if it made the promise. */
    void onReply(long now, int slot, long answered, boolean granted) {
        if (answered <= 0 || answered > seq) {
            return;
        }
        ackSeq[slot] = Math.max(ackSeq[slot], answered);
        if (sentSeq[slot(answered)] != answered) {
            return;
        }
        long sent = sentNanos[slot(answered)];
        roundTrips.onAnswer(slot, now, sent);
        if (granted && !suspended && answered >= epochSeq) {
            ackSendNanos[slot] = Math.max(ackSendNanos[slot], sent);
            long trustedNanos = Parameters.leaseNanos(sentLeaseMillis[slot(answered)], clockDriftMax);
            ackEndNanos[slot] = Math.max(ackEndNanos[slot], sent + trustedNanos);
        }
    }

    /** Epoch of what is claimed now, within the term (LEASE.md, 3.3). */
    long epoch() {
        return epoch;
    }

    boolean isSuspended() {
        return suspended;
    }

    /** Nothing is claimed, and no promise counts, until {@link #resume}. */
    void suspend() {
        suspended = true;
    }

    /** Begins a new epoch, without any promise: those of the old one may have been released (LEASE.md, 3.8). */
    void resume(long now) {
        suspended = false;
        epoch++;
        epochSeq = newSeq(now);
        Arrays.fill(ackSendNanos, NEVER);
        Arrays.fill(ackEndNanos, NEVER);
    }

    /** The largest number that a majority, this node included, has answered. */
    long quorumSeq() {
        ackSeq[selfSlot] = seq;
        return Quorum.reached(ackSeq);
    }

    /** Send time of the newest message that a majority has answered, promise or not; {@code none} if there is none. */
    long quorumContactNanos(long none) {
        long answered = quorumSeq();
        return answered > 0 && sentSeq[slot(answered)] == answered ? sentNanos[slot(answered)] : none;
    }

    /** Send time of the majority-th newest promise, this node's own being now; or {@code none} if there is none. */
    long quorumSendNanos(long now, long none) {
        ackSendNanos[selfSlot] = now;
        long reached = Quorum.reached(ackSendNanos);
        return reached == NEVER ? none : reached;
    }

    /** Whether this voter has granted a promise to a message sent at {@code sinceNanos} or later. */
    boolean hasPromisedSince(int slot, long sinceNanos) {
        return ackSendNanos[slot] != NEVER && ackSendNanos[slot] - sinceNanos >= 0;
    }

    /** End of the lease on this node's clock, or {@code none} if no majority has promised yet. */
    long endNanos(long now, long none) {
        ackEndNanos[selfSlot] = now + Parameters.leaseNanos(longestAskedMillis, clockDriftMax);
        long end = Quorum.reached(ackEndNanos);
        return end == NEVER || suspended ? none : end;
    }

    private static int slot(long seq) {
        return (int) (seq & (SENT_SLOTS - 1));
    }
}
