package io.tenure.sim;

import io.tenure.raft.Lease;
import io.tenure.raft.Message;
import io.tenure.raft.Release;
import java.util.ArrayList;
import java.util.List;

/** What holders have really released, from the moment at which the word first left them. Survives restarts. */
final class KnownReleases {
    private final List<Release> latest = new ArrayList<>();

    KnownReleases(int nodes) {
        for (int holder = 0; holder < nodes; holder++) {
            latest.add(new Release(holder, -1, Release.ALL_EPOCHS));
        }
    }

    /** The release that a message carries, null if there is none. */
    static Release in(Message message) {
        if (message instanceof Message.TimeoutNow timeout) {
            return timeout.release();
        }
        if (message instanceof Message.LeaseRelease released) {
            return released.release();
        }
        return message instanceof Message.RequestVote request ? request.release() : null;
    }

    void add(Release release) {
        if (!covers(release.holder(), release.term(), release.epochUpTo())) {
            latest.set(release.holder(), release);
        }
    }

    boolean covers(int holder, long term, long epoch) {
        return latest.get(holder).covers(term, epoch);
    }

    boolean covers(int holder, Lease lease) {
        return lease != null && covers(holder, lease.term(), lease.epoch());
    }
}
