package io.tenure.journal;

import io.tenure.raft.Entry;
import io.tenure.raft.EntryId;
import io.tenure.raft.HardState;
import io.tenure.raft.Persist;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Writes that the journal was given, and how far it has come with them. A full disk may stop it at any entry; it then goes on
 * from there: every step either changes nothing before it is done, or can be done again.
 */
final class Backlog {
    /** With less room than this, the log does not roll. */
    private static final long ROLL_BYTES_MIN = 64 << 10;

    /** A step of a write other than appending. */
    @FunctionalInterface
    interface Step<T> {
        void take(T argument) throws IOException;
    }

    private final LogFolder folder;
    private final LogFiles log;
    private final long segmentBytes;
    private final Group group = new Group();
    private final Deque<Persist> waiting = new ArrayDeque<>();
    /** Entries of the first that waits which are in the group or in the files. */
    private int entriesTaken;

    private HardState hardState;

    Backlog(LogFolder folder, LogFiles log, long segmentBytes) {
        this.folder = folder;
        this.log = log;
        this.segmentBytes = segmentBytes;
    }

    /** Takes writes in; those before have come to their end. */
    void add(List<Persist> persists) {
        if (!waiting.isEmpty() || hardState != null) {
            throw new IllegalStateException("the writes before have not come to their end");
        }
        waiting.addAll(persists);
    }

    /**
     * Does all but the hard state; the entries are durable afterwards.
     *
     * @throws DiskFullException if there is no room; the same call goes on from there
     */
    void writeEntries(Step<EntryId> install, Step<Long> truncate) throws IOException {
        while (!waiting.isEmpty()) {
            Persist persist = waiting.peek();
            if (entriesTaken == 0 && persist.install() != null) {
                flush();
                install.take(persist.install());
            }
            if (entriesTaken == 0 && persist.truncateFrom() > 0) {
                flush();
                truncate.take(persist.truncateFrom());
            }
            append(persist);
            hardState = persist.hardState() != null ? persist.hardState() : hardState;
            entriesTaken = 0;
            waiting.remove();
        }
        flush();
    }

    /** The last hard state of these writes, to be written after everything else; null if there is none. */
    HardState hardState() {
        return hardState;
    }

    /** All is done. */
    void end() {
        hardState = null;
    }

    private void append(Persist persist) throws IOException {
        List<Entry> entries = persist.entries();
        if (entries.isEmpty()) {
            return;
        }
        long next = log.lastIndex() + group.count() + 1;
        if (persist.firstIndex() + entriesTaken != next) {
            throw new IllegalStateException(
                    "entries from " + persist.firstIndex() + " on; the journal goes on at " + next);
        }
        boolean allForced = group.count() == 0 && log.lastIndex() == log.forcedIndex();
        // A new pair needs room for its names; without it the old one grows beyond its size.
        if (allForced && log.active().textBytes() >= segmentBytes && folder.usableBytes() >= ROLL_BYTES_MIN) {
            log.roll();
        }
        for (; entriesTaken < entries.size(); entriesTaken++) {
            while (!group.add(entries.get(entriesTaken), log.active(), log.forcedIndex())) {
                log.write(group);
            }
        }
    }

    /** Afterwards everything gathered is durable. */
    private void flush() throws IOException {
        if (group.count() > 0) {
            log.write(group);
        }
        log.forceText();
    }
}
