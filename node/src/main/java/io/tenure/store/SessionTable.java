package io.tenure.store;

import io.tenure.handoff.SessionRecord;
import io.tenure.handoff.SnapshotHeader;
import io.tenure.raft.Entry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which writes the log already holds, by session and request number, applied or not (DESIGN.md, D6). The leader asks it
 * before it appends, so no log ever holds a pair twice and applying is unconditional. Kept by every node from the tags of
 * its own log, and undone when entries are truncated. Confined to the raft agent's thread.
 */
public final class SessionTable {
    /** What the log knows of a request. */
    public enum Answer {
        /** Neither this request nor a reason to doubt that: it may be appended. */
        NEW,
        /** The log holds it, at {@link SessionTable#foundIndex}. */
        FOUND,
        /** The session was evicted, or its tags were lost: nobody can tell. */
        SESSION_EXPIRED,
        /** The number is below the session's window: nobody can tell. */
        NUMBER_TOO_OLD
    }

    private final int sessionsMax;
    private final int window;
    private final LinkedHashMap<Long, SessionWindow> sessions = new LinkedHashMap<>(64, 0.75f, true);
    /** Entries that may yet be truncated, the first at {@link #firstUndoable}. */
    private final ArrayDeque<Entry> undoable = new ArrayDeque<>();

    private long firstUndoable = 1;
    private long evictedUpTo;
    private long tagsLostUpTo;
    private long foundIndex;
    /** The one that was used last, and so is the last in the order of {@link #sessions}; null if it is not known. */
    private SessionWindow latest;

    private long latestId;

    /**
     * Makes an empty table.
     *
     * @param sessionsMax sessions remembered; beyond, the one that wrote least recently is evicted
     * @param window request numbers of a session that are told apart, counted down from the largest seen
     */
    public SessionTable(int sessionsMax, int window) {
        this.sessionsMax = sessionsMax;
        this.window = window;
    }

    /** Numbers that a session may have open at once. */
    public int window() {
        return window;
    }

    /**
     * What is known of a request of a session that was issued at {@code birthIndex}. All entries of the session stand above
     * that index, so a mark says something of it only if it is larger: were an equal one enough, sessions issued while
     * nothing else is written would be refused for ever.
     */
    public Answer lookup(long session, long birthIndex, long number) {
        SessionWindow known = find(session);
        if (known != null) {
            foundIndex = known.indexOf(number);
            if (foundIndex > 0) {
                return Answer.FOUND;
            }
            if (known.isBelow(number)) {
                return Answer.NUMBER_TOO_OLD;
            }
            if (birthIndex <= known.forgottenUpTo() && known.forgottenUpTo() > 0) {
                return Answer.SESSION_EXPIRED;
            }
        } else if (birthIndex < evictedUpTo) {
            return Answer.SESSION_EXPIRED;
        }
        return birthIndex < tagsLostUpTo ? Answer.SESSION_EXPIRED : Answer.NEW;
    }

    /** Index of the request that {@link #lookup} last found. */
    public long foundIndex() {
        return foundIndex;
    }

    /** The entry stands at {@code index} of the log now. */
    public void onAppend(long index, Entry entry) {
        if (undoable.isEmpty()) {
            firstUndoable = index;
        }
        undoable.add(entry);
        if (entry.session() != Entry.NO_SESSION) {
            SessionWindow known = find(entry.session());
            if (known == null) {
                known = new SessionWindow(window, evictedUpTo);
                sessions.put(entry.session(), known);
            }
            known.put(entry.number(), index);
            evict();
        } else if (entry.kind() == Entry.Kind.WRITE) {
            // Its tag was lost, here or in the log that it was replicated from.
            onTagsLost(index);
        }
    }

    /**
     * The entries from {@code index} on are gone from the log: requests among them were never made. The marks go back as
     * well, as they speak of entries: one beyond the log's end would refuse sessions that nothing can be hidden from.
     */
    public void onTruncate(long index) {
        evictedUpTo = Math.min(evictedUpTo, index - 1);
        tagsLostUpTo = Math.min(tagsLostUpTo, index - 1);
        while (!undoable.isEmpty() && firstUndoable + undoable.size() > index) {
            long last = firstUndoable + undoable.size() - 1;
            Entry entry = undoable.pollLast();
            SessionWindow known = entry.session() == Entry.NO_SESSION ? null : find(entry.session());
            if (known != null) {
                known.remove(entry.number(), last, index - 1);
            }
        }
    }

    /** Entries up to {@code index} are committed: they will never be truncated. */
    public void onCommit(long index) {
        while (!undoable.isEmpty() && firstUndoable <= index) {
            undoable.poll();
            firstUndoable++;
        }
    }

    /** The tags of some entries up to {@code index} are lost: what is not found below may still be there. */
    public void onTagsLost(long index) {
        tagsLostUpTo = Math.max(tagsLostUpTo, index);
    }

    /**
     * The table as of the entry at {@code index}, which is committed: what a snapshot there must hold. Where later entries have
     * made it forget, it stays forgotten: that a request can't be judged is always a true answer.
     */
    public List<SessionRecord> recordsUpTo(long index) {
        List<SessionRecord> records = new ArrayList<>(sessions.size());
        sessions.forEach((id, known) -> records.add(known.record(id, index)));
        return records;
    }

    /** Up to which index sessions were evicted. */
    public long evictedUpTo() {
        return evictedUpTo;
    }

    /** Up to which index tags were lost. */
    public long tagsLostUpTo() {
        return tagsLostUpTo;
    }

    /** Forgets everything, and begins with the marks of a snapshot; its sessions follow by {@link #restore}. */
    public void reset(SnapshotHeader header) {
        sessions.clear();
        latest = null;
        undoable.clear();
        firstUndoable = header.last().index() + 1;
        evictedUpTo = header.evictedUpTo();
        tagsLostUpTo = header.tagsLostUpTo();
    }

    /** Takes over a session of a snapshot; the one that wrote least recently comes first. */
    public void restore(SessionRecord record) {
        sessions.put(record.id(), new SessionWindow(window, record));
        latest = null;
        evict();
    }

    /** Sessions remembered. */
    public int size() {
        return sessions.size();
    }

    private SessionWindow find(long session) {
        if (latest == null || latestId != session) {
            latest = sessions.get(session);
            latestId = session;
        }
        return latest;
    }

    /** An evicted session was born below its own entries, so their index covers its birth. */
    private void evict() {
        while (sessions.size() > sessionsMax) {
            Map.Entry<Long, SessionWindow> eldest =
                    sessions.entrySet().iterator().next();
            evictedUpTo = Math.max(evictedUpTo, eldest.getValue().lastIndex());
            sessions.remove(eldest.getKey());
            latest = null;
        }
    }
}
