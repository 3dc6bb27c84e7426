package io.tenure.raft;

import java.util.ArrayDeque;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How a follower learns how new its data are, without a time on the wire (LEASE.md, 3.13). It puts a number on what it sends to
 * its leader, and remembers when. A leader that holds its lease and has committed in its term echoes the newest number that it
 * has, with its commit index: all that any client was told before the sending is at or below that index. The age of the data
 * counts from that sending, never from the receipt of the echo, which may have been on its way for any time.
 *
 * <p>Numbers begin at random, so that an echo of what an earlier life of this node sent is not taken for one of this life's.
 */
final class Stamps {
    /** What is sent within this time shares a number, and counts from the first. */
    private static final long SPAN_NANOS = Parameters.NANOS_PER_MILLI;

    private static final int SLOTS = 8192;
    private static final int CONFIRMED_MAX = 16;

    private final RandomGenerator random;
    private long[] sentNanos;
    private long first;
    private long last;
    private final ArrayDeque<Freshness.Confirmed> confirmed = new ArrayDeque<>();
    private Freshness freshness;

    Stamps(RandomGenerator random) {
        this.random = random;
    }

    /** Number for what is sent now. */
    long next(long now) {
        if (sentNanos == null) {
            sentNanos = new long[SLOTS];
            first = random.nextLong(1, Long.MAX_VALUE / 2);
            last = first;
            sentNanos[slot(last)] = now;
        } else if (now - sentNanos[slot(last)] >= SPAN_NANOS) {
            last++;
            sentNanos[slot(last)] = now;
        }
        return last;
    }

    /** A leader has seen a number of this node, and then had committed that much. */
    void onEcho(Message.Echo echo, long appliedIndex) {
        boolean known =
                sentNanos != null && echo.stamp() >= first && echo.stamp() <= last && last - echo.stamp() < SLOTS;
        if (known) {
            onConfirmed(sentNanos[slot(echo.stamp())], echo.commitIndex(), appliedIndex);
        }
    }

    /**
     * All that clients were told before {@code sinceNanos} is at or below {@code index}.
     *
     * @param appliedIndex what readers here see at least
     */
    void onConfirmed(long sinceNanos, long index, long appliedIndex) {
        Freshness.Confirmed newest = confirmed.peekLast();
        if (newest != null && sinceNanos - newest.sinceNanos() <= 0) {
            return;
        }
        if (confirmed.size() == CONFIRMED_MAX) {
            confirmed.removeLast();
        }
        confirmed.add(new Freshness.Confirmed(sinceNanos, index));
        List<Freshness.Confirmed> all = List.copyOf(confirmed);
        for (int i = 1; i < all.size() && all.get(i).index() <= appliedIndex; i++) {
            confirmed.removeFirst();
        }
        freshness = new Freshness(List.copyOf(confirmed));
    }

    /** How new the data are; null if nothing is known. */
    Freshness freshness() {
        return freshness;
    }

    private static int slot(long stamp) {
        return (int) (stamp & (SLOTS - 1));
    }
}
