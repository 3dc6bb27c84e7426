package io.tenure.node;

import io.tenure.net.RequestListener;
import io.tenure.raft.Event;
import io.tenure.store.Applier;

/** What {@code dump.txt} is told of (LEASE.md, 1.4). Each method may come on a thread of its own; none may wait. */
interface NodeListener extends Applier.AppliedListener, RequestListener {
    /** Something the core did; on the raft agent's thread. */
    void event(Event event);

    /** A request to a peer could not be sent; on the raft agent's thread. */
    void rpcFailed(int peer);
}
