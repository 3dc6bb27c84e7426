package io.tenure.sim;

import io.tenure.raft.Message;

/** What messages of either kind, entries or pieces of a snapshot, say of leases (LEASE.md, 3.4). */
final class LeaseTalk {
    /** A request for a promise. */
    record Ask(long term, long epoch, long seq, long leaseMillis) {}

    /** An answer to one. */
    record Answer(long term, long seq, boolean granted) {}

    private LeaseTalk() {}

    /** The request in a message, null if there is none. */
    static Ask askIn(Message message) {
        if (message instanceof Message.AppendEntry append) {
            return new Ask(append.term(), append.leaseEpoch(), append.seq(), append.leaseMillis());
        }
        if (message instanceof Message.InstallSnapshot install) {
            return new Ask(install.term(), install.leaseEpoch(), install.seq(), install.leaseMillis());
        }
        return null;
    }

    /** The answer in a message, null if there is none. */
    static Answer answerIn(Message message) {
        if (message instanceof Message.AppendEntryReply reply) {
            return new Answer(reply.term(), reply.seq(), reply.leaseGranted());
        }
        if (message instanceof Message.InstallSnapshotReply reply) {
            return new Answer(reply.term(), reply.seq(), reply.leaseGranted());
        }
        return null;
    }
}
