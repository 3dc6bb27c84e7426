package io.tenure.raft;

/**
 * Leadership on its way from this node to another one (thesis, 3.10; LEASE.md, 3.8): from the request until the next leader
 * is known, or it was given up. Clients wait meanwhile.
 */
final class Transfer {
    private final long ticket;
    private final int target;
    private long deadlineNanos;
    private boolean told;

    Transfer(long ticket, int target, long deadlineNanos) {
        this.ticket = ticket;
        this.target = target;
        this.deadlineNanos = deadlineNanos;
    }

    /** Who asked, or {@link Input#NO_TICKET}. */
    long ticket() {
        return ticket;
    }

    int target() {
        return target;
    }

    /** When it is given up. */
    long deadlineNanos() {
        return deadlineNanos;
    }

    /** This leadership is over; the next leader has until then to make itself known. */
    void awaitLeader(long untilNanos) {
        deadlineNanos = untilNanos;
    }

    /** Whether the lease is given up, and the target asked to stand. */
    boolean isTold() {
        return told;
    }

    void tell() {
        told = true;
    }
}
