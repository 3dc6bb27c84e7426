package io.tenure.node;

import io.tenure.handoff.SessionRecord;
import io.tenure.handoff.SnapshotHeader;
import io.tenure.journal.JournalVisitor;
import io.tenure.raft.Entry;
import io.tenure.store.Applier;
import io.tenure.store.SessionTable;
import io.tenure.store.StateMachine;

/** Builds the state of a node from what its journal holds, while that is opened: the snapshot, then the entries after it. */
final class Replay implements JournalVisitor {
    private final SessionTable sessions;
    private final StateMachine store;
    private final Applier applier;
    private long committedBytes;

    Replay(SessionTable sessions, StateMachine store, Applier applier) {
        this.sessions = sessions;
        this.store = store;
        this.applier = applier;
    }

    /** Bytes of committed entries after the snapshot. */
    long committedBytes() {
        return committedBytes;
    }

    @Override
    public void begin(SnapshotHeader header) {
        sessions.reset(header);
        // Nobody reads before all of it is there.
        store.finishLoad(header.last().index());
    }

    @Override
    public void session(SessionRecord session) {
        sessions.restore(session);
    }

    @Override
    public void value(byte[] keyValue) {
        store.load(keyValue);
    }

    @Override
    public void visit(long index, Entry entry, boolean committed, boolean tagLost) {
        sessions.onAppend(index, entry);
        if (committed) {
            sessions.onCommit(index);
            applier.replay(index, entry);
            committedBytes += entry.length();
        }
    }
}
