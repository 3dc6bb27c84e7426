package io.tenure.node;

import io.tenure.raft.Message;
import java.util.concurrent.TimeUnit;

/**
 * One peer, in the eyes of a node that repairs itself: how long its answers take, and what it has said of what is wanted now.
 * Confined to the stage's thread.
 */
final class RepairPeer {
    /** Patience with a peer whose answers are fast, or that has never answered. */
    private static final long PATIENCE_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(200);

    /** Patience with a peer that does not answer. */
    private static final long PATIENCE_NANOS_MAX = TimeUnit.SECONDS.toNanos(10);

    /** An answer may take so many times as long as the last one. */
    private static final int ROUND_TRIPS = 4;

    final int id;
    private long patienceNanos = PATIENCE_NANOS_MIN;
    private boolean waiting;
    private int unanswered;
    /** Requests since its last answer that were sent to it. */
    private int sent;

    private long askedNanos;
    private Message.RepairReply refusal;
    private long refusedNanos;

    RepairPeer(int id) {
        this.id = id;
    }

    /** It has been asked just now. */
    void onAsked(long now) {
        unanswered++;
        sent++;
        askedNanos = now;
        waiting = true;
    }

    /** It could not even be asked. */
    void onUnreachable(long now) {
        unanswered++;
        askedNanos = now;
        waiting = false;
    }

    /** Patience is over; the next time it is longer. An answer that comes late is as good as another one. */
    void onOverdue() {
        waiting = false;
        patienceNanos = Math.min(2 * patienceNanos, PATIENCE_NANOS_MAX);
    }

    /**
     * It has answered something. How long that took can be told only if it was asked once: otherwise patience stays as it
     * grew (Karn's algorithm).
     */
    void onReply(long now) {
        if (sent == 1) {
            long tookNanos = Math.min(now - askedNanos, PATIENCE_NANOS_MAX);
            patienceNanos = Math.max(PATIENCE_NANOS_MIN, Math.min(ROUND_TRIPS * tookNanos, PATIENCE_NANOS_MAX));
        }
        unanswered = 0;
        sent = 0;
        waiting = false;
    }

    /** Another one is asked. */
    void stopWaiting() {
        waiting = false;
    }

    /** Whether an answer is waited for. */
    boolean isWaiting() {
        return waiting;
    }

    /** Until when an answer is waited for. */
    long dueNanos() {
        return askedNanos + patienceNanos;
    }

    long patienceNanos() {
        return patienceNanos;
    }

    /** Requests since its last answer. */
    int unanswered() {
        return unanswered;
    }

    /** It can't give what is wanted. */
    void onRefusal(Message.RepairReply reply, long now) {
        refusal = reply;
        refusedNanos = now;
    }

    /** Whether it has said so after that time. */
    boolean hasRefusedAfter(long nanos) {
        return refusal != null && refusedNanos - nanos > 0;
    }

    /** Something else is wanted now. */
    void forgetRefusal() {
        refusal = null;
    }

    /** Whether it has said that it has no entries where they are wanted. */
    boolean lacksEntries() {
        return refusal != null && refusal.log().entries().isEmpty();
    }

    /** Its last word on what is wanted, null if it has not said that it can't give it. */
    Message.RepairReply refusal() {
        return refusal;
    }
}
