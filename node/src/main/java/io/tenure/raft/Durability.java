package io.tenure.raft;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * What is on its way to the disk and what has arrived there (DESIGN.md, D2). Changes pile up in one {@link Persist} until
 * the journal takes it; messages that depend on the hard state wait here until it is durable. Completions carry a sequence
 * number, so an index that was truncated and written again is never taken for durable by mistake.
 */
final class Durability {
    /** Messages that wait for the hard state; more are lost, as they may be on any network. */
    private static final int HELD_MAX = 1024;

    /** A write taken by the journal; {@code lastIndex} shrinks when its entries are truncated. */
    private static final class Outstanding {
        private final long seq;
        private final long sinceNanos;
        private long lastIndex;

        private Outstanding(long seq, long sinceNanos, long lastIndex) {
            this.seq = seq;
            this.sinceNanos = sinceNanos;
            this.lastIndex = lastIndex;
        }
    }

    private record Held(long seq, Output.Send send) {}

    private final ArrayDeque<Outstanding> outstanding = new ArrayDeque<>();
    private final ArrayDeque<Held> held = new ArrayDeque<>();

    private long pendingSeq = 1;
    private boolean pending;
    private long pendingSinceNanos;
    private HardState pendingHardState;
    private long pendingTruncateFrom;
    private List<Entry> pendingEntries = new ArrayList<>();
    private EntryId pendingInstall;
    private long lastIndex;

    private long durableSeq;
    private long durableIndex;
    private long hardStateSeq;

    /** Starts with a log that recovery has forced up to {@code durableIndex}. */
    Durability(long durableIndex) {
        this.durableIndex = durableIndex;
        this.lastIndex = durableIndex;
    }

    /** The entry at {@code lastIndex + 1} is to be written. */
    void append(long now, Entry entry) {
        open(now);
        pendingEntries.add(entry);
        lastIndex++;
    }

    /** The entries from {@code index} on are to be cut away: they count as durable no more, and never will. */
    void truncateFrom(long now, long index) {
        open(now);
        long firstPending = lastIndex - pendingEntries.size() + 1;
        if (index >= firstPending) {
            pendingEntries
                    .subList((int) (index - firstPending), pendingEntries.size())
                    .clear();
        } else {
            pendingEntries.clear();
            pendingTruncateFrom = pendingTruncateFrom == 0 ? index : Math.min(pendingTruncateFrom, index);
        }
        lastIndex = index - 1;
        durableIndex = Math.min(durableIndex, lastIndex);
        for (Outstanding write : outstanding) {
            write.lastIndex = Math.min(write.lastIndex, lastIndex);
        }
    }

    /**
     * A snapshot is to take the place of the log: nothing that is written counts as durable any more beyond {@code kept}, the
     * commit index; once this is done, the log is durable up to the snapshot's last entry.
     *
     * @return sequence number of the write
     */
    long install(long now, EntryId last, long kept) {
        open(now);
        pendingEntries.clear();
        pendingTruncateFrom = 0;
        pendingInstall = last;
        durableIndex = Math.min(durableIndex, kept);
        for (Outstanding write : outstanding) {
            write.lastIndex = Math.min(write.lastIndex, kept);
        }
        lastIndex = last.index();
        return pendingSeq;
    }

    /** The hard state changed: messages wait until it is durable. */
    void changeHardState(long now, HardState hardState) {
        open(now);
        pendingHardState = hardState;
        hardStateSeq = pendingSeq;
    }

    /** Writes the unchanged hard state again, to see that the disk answers (DESIGN.md, D11). */
    void prove(long now, HardState hardState) {
        open(now);
        pendingHardState = hardState;
    }

    /** Closes the write that has piled up, for the journal; null if there is none. */
    Persist take() {
        if (!pending) {
            return null;
        }
        long firstIndex = lastIndex - pendingEntries.size() + 1;
        Persist persist = new Persist(
                pendingSeq, pendingHardState, pendingTruncateFrom, firstIndex, pendingEntries, pendingInstall);
        outstanding.add(new Outstanding(pendingSeq, pendingSinceNanos, lastIndex));
        pending = false;
        pendingSeq++;
        pendingHardState = null;
        pendingTruncateFrom = 0;
        pendingInstall = null;
        pendingEntries = new ArrayList<>();
        return persist;
    }

    /** Everything up to {@code seq} is forced. Messages that waited for it go to {@code output}. */
    void persisted(long seq, Output output) {
        while (!outstanding.isEmpty() && outstanding.peek().seq <= seq) {
            durableIndex = Math.max(durableIndex, outstanding.poll().lastIndex);
        }
        durableSeq = Math.max(durableSeq, seq);
        while (!held.isEmpty() && held.peek().seq <= durableSeq) {
            output.messages.add(held.poll().send);
        }
    }

    /** Sends, or holds back until the hard state is durable: no term or vote leaves before (DESIGN.md, D2). */
    void send(int to, Message message, Output output) {
        Output.Send send = new Output.Send(to, message);
        if (isHardStateDurable()) {
            output.messages.add(send);
        } else if (held.size() < HELD_MAX) {
            held.add(new Held(hardStateSeq, send));
        }
    }

    /** Whether the write {@code seq} is done. */
    boolean isDone(long seq) {
        return seq <= durableSeq;
    }

    /** Whether term, vote and longest promise are on disk as they are in memory. */
    boolean isHardStateDurable() {
        return hardStateSeq <= durableSeq;
    }

    /** Up to here the log is on disk as it is in memory. */
    long durableIndex() {
        return durableIndex;
    }

    boolean isIdle() {
        return !pending && outstanding.isEmpty();
    }

    /** Since when the oldest write waits; {@code now} if none does. */
    long oldestSinceNanos(long now) {
        return !outstanding.isEmpty() ? outstanding.peek().sinceNanos : pending ? pendingSinceNanos : now;
    }

    private void open(long now) {
        if (!pending) {
            pending = true;
            pendingSinceNanos = now;
        }
    }
}
