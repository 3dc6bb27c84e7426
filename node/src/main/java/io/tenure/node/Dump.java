package io.tenure.node;

import io.tenure.handoff.*;
import io.tenure.journal.Disk;
import io.tenure.raft.*;

/** Stand-in. */
final class Dump implements Stage, NodeListener {
    Dump(Settings s, Disk d, Clock c, Bell b) {}

    @Override
    public int doWork() {
        return 0;
    }

    @Override
    public long wakeAtNanos() {
        return NEVER;
    }

    @Override
    public String roleName() {
        return "dump";
    }

    @Override
    public void event(Event e) {}

    @Override
    public void rpcFailed(int p) {}

    @Override
    public void applied(long i, Entry e, boolean l) {}

    @Override
    public void received(boolean s, String k, String v) {}
}
